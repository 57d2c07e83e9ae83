"""What becomes of requests when their worker process is lost? Another is begun, and they are sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from syllogym.agents.engines.vllm.process import Lost, Refused, WorkerProcess
from syllogym.errors import UserError

Give: TypeAlias = Callable[[WorkerProcess], Awaitable[None]]
"""Brings something to a process."""


class LoopLock:
    """A lock for each event loop that it is used in; loops come one after the other."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> None:
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._lock = loop, asyncio.Lock()
        await self._lock.acquire()

    async def __aexit__(self, *error: object) -> None:
        self._lock.release()


class Replica:
    """A worker process that is begun when it is needed, and again when it is lost.

    Args:
        begin: begins a process. start: readies a new one, and gives it all weights as they are now.
        restarts: how often it is begun again, in a row or for one request, before `UserError` is raised.

    Attributes:
        busy: replies under way.
        lock: held while the process is readied or given weights.
        begun: how many processes there were so far.
    """

    def __init__(
        self,
        begin: Callable[[], WorkerProcess],
        start: Give,
        restarts: int,
    ) -> None:
        self._begin, self._start = begin, start
        self.restarts = restarts
        self.busy = 0
        self.begun = 0
        self._before = 0  # processes begun before the one that answered last
        self.lock = LoopLock()
        self.process: WorkerProcess | None = None

    async def call(self, what: str, **details: Any) -> dict[str, Any]:
        """Ask the process; where it is lost before it answers, ask the next one."""
        for again in reversed(range(self.restarts + 1)):
            async with self.lock:
                process = self.process
                if process is None or process.lost:
                    process = await self.renew(self._start)
                number = self.begun
            try:
                answer = await process.call(what, **details)
                self._before = number - 1
                return answer
            except Lost as lost:
                self._give_up_unless(again, number, process, lost)
            except Refused as refusal:
                raise UserError(f"vLLM refused a request: {refusal}") from refusal
        raise AssertionError("the last loss gives up")

    async def renew(self, give: Give) -> WorkerProcess:
        """Let `give` bring new weights to the process, or begin one where there is none. The lock must be held."""
        for again in reversed(range(self.restarts + 1)):
            process = self.process
            fresh = process is None or process.lost is not None
            if process is None or fresh:
                if process is not None and process.lost:  # who asked it may not have heard of it yet
                    self._give_up_unless(True, self.begun, process, process.lost)
                process = self.process = self._begin()
                self.begun += 1
            try:
                await (self._start if fresh else give)(process)
                return process
            except Lost as lost:
                self._give_up_unless(again, self.begun, process, lost)
            except BaseException as error:
                if fresh:
                    process.close()  # nobody could tell how far it had come
                    self._before = self.begun  # and this is no sign of worse to come
                if isinstance(error, Refused):
                    failed = "did not start" if fresh else "could not take up the weights"
                    raise UserError(f"vLLM {failed}: {error}\n{_last_words(process)}") from error
                raise
        raise AssertionError("the last loss gives up")

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.close()

    def _give_up_unless(self, again: bool | int, number: int, process: WorkerProcess, lost: Lost) -> None:
        """Raise where no more tries are left, or too many processes were lost since one of them last answered."""
        if not again or number - self._before > self.restarts:
            times = f", the last of {self.restarts + 1} in a row" if self.restarts else ""
            raise UserError(f"{lost}{times}. {_last_words(process)}") from lost


def _last_words(process: WorkerProcess) -> str:
    return f"Its last words, from {process.log}:\n{process.last_words()}"
