"""How is a call made that keeps its thread for long? In one of a bounded number of threads, which may be left behind.

No thread can be stopped from outside. One whose call is not back in time is abandoned: its caller is told, another
thread takes its place, and it ends whenever the call returns. Not more threads are abandoned at a time than are used.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


class Late(Exception):
    """A call was not back in time."""


class AllStuck(Exception):
    """As many threads as may be used are stuck in calls that do not come back."""


@dataclass(eq=False)
class _Thread:
    """One thread that makes calls, with those it still has to make; None ends it."""

    calls: queue.SimpleQueue[Callable[[], None] | None] = field(default_factory=queue.SimpleQueue)
    abandoned: bool = False

    def __post_init__(self) -> None:
        threading.Thread(target=self._work, name="syllogym-environment", daemon=True).start()

    def _work(self) -> None:
        while (call := self.calls.get()) is not None:
            call()


class Threads:
    """Makes calls in at most `size` threads at once, each within `seconds`; more wait for their turn without a bound.

    It belongs to one event loop. Threads are started when they are needed.

    Attributes:
        stuck: threads that are abandoned and not back yet.
    """

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        self.seconds = seconds
        self.stuck = 0
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Thread] = []

    async def run(self, call: Callable[[], Any]) -> Any:
        """Return what `call` returns.

        A caller that is cancelled goes at once; the call keeps its thread until it returns or is late.

        Raises:
            Late: it is not back within `seconds`. AllStuck: the same, and no thread is left.
        """
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        thread = self._idle.pop() if self._idle else _Thread()
        timer = loop.call_later(self.seconds, self._abandon, thread, answer)

        def work() -> None:
            try:
                value, error = call(), None
            except BaseException as raised:
                value, error = None, raised
            try:
                loop.call_soon_threadsafe(self._back, thread, timer, answer, value, error)
            except RuntimeError:  # the loop is closed: nobody waits any more
                thread.calls.put(None)

        thread.calls.put(work)
        return await answer

    def close(self) -> None:
        """Let idle threads end now, and the others after their calls."""
        for thread in self._idle:
            thread.calls.put(None)
        self._idle = []

    def _back(
        self,
        thread: _Thread,
        timer: asyncio.TimerHandle,
        answer: asyncio.Future[Any],
        value: Any,
        error: BaseException | None,
    ) -> None:
        timer.cancel()
        if thread.abandoned:
            thread.calls.put(None)
            if self.stuck == self.size:
                self._free.release()
            self.stuck -= 1
            return
        self._idle.append(thread)
        self._free.release()
        if answer.done():
            return
        if error is None:
            answer.set_result(value)
        else:
            answer.set_exception(error)

    def _abandon(self, thread: _Thread, answer: asyncio.Future[Any]) -> None:
        thread.abandoned = True
        self.stuck += 1
        if self.stuck < self.size:
            self._free.release()
        if not answer.done():
            answer.set_exception(Late() if self.stuck < self.size else AllStuck())
