"""How is a worker process begun, asked, watched and ended? Every call is answered, or its process is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

from syllogym.agents.engines.vllm.wire import Garbage, Wire

_FAREWELL = 10.0
"""Seconds a worker has to end by itself."""


class Lost(Exception):
    """The worker process has ended, hangs, or talks nonsense; the message says which. Nothing of it is left."""


class Refused(Exception):
    """The worker process did not do what it was asked; the message is its own."""


class WorkerProcess:
    """A worker process and the calls that it has not answered yet.

    Args:
        command: starts it; the number of its end of the socket is appended.
        environment, folder: of the process. log: file that takes all it writes.
        patience: seconds it may be silent while it samples.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        patience: float,
    ) -> None:
        self.log = log
        self.patience = patience
        self.lost: Lost | None = None
        self._calls: dict[int, Future[dict[str, Any]]] = {}
        self._count = 0
        self._clocked = 0  # calls under way with a limit of their own, which may keep it too busy for signs of life
        self._lock = threading.RLock()
        ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as out:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for us; and what it starts in turn is ended with it
            )
        self.pid = self._process.pid
        self._wire = Wire(ours)
        self._heard = time.monotonic()
        self._listener = threading.Thread(target=self._listen, name=f"worker-{self.pid}", daemon=True)
        self._listener.start()

    async def call(self, what: str, *, within: float | None = None, **details: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer. A call that is cancelled is dropped there, too.

        Args:
            what: is wanted. within: seconds it may take; None for as long as the process shows signs of life.

        Raises:
            Lost, Refused: see there.
        """
        number, answer = self._ask(what, details)
        self._clocked += within is not None
        try:
            async with asyncio.timeout(within):
                return await asyncio.wrap_future(answer)
        except TimeoutError:
            raise self._lose(f"did not answer {what!r} within {within:g} s") from None
        except asyncio.CancelledError:
            self._ask("drop", {"which": number})
            raise
        finally:
            self._clocked -= within is not None
            self._heard = time.monotonic()

    def close(self) -> None:
        """End the process. What it has not answered is lost."""
        self._lose("was closed", wait=_FAREWELL)
        if threading.current_thread() is not self._listener:
            self._listener.join()

    def last_words(self, lines: int = 12) -> str:
        """Return the end of its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 8192))
                said = log.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return "(somebody has removed it)"
        return "\n".join([line for line in said if line.strip()][-lines:])

    def _ask(self, what: str, details: Mapping[str, Any]) -> tuple[int, Future[dict[str, Any]]]:
        answer: Future[dict[str, Any]] = Future()
        with self._lock:
            number = self._count = self._count + 1
            if self.lost is not None:
                answer.set_exception(self.lost)
                return number, answer
            if not self._calls:
                self._heard = time.monotonic()
            if what != "drop":
                self._calls[number] = answer
        try:
            self._wire.send({"id": number, "do": what, **details})
        except OSError as error:
            self._lose(f"hung up ({error})")
        return number, answer

    def _listen(self) -> None:
        try:
            while self.lost is None:
                message = self._wire.receive()
                if message is not None:
                    self._hear(message)
                elif self._calls and not self._clocked and time.monotonic() - self._heard > self.patience:
                    self._lose(f"has been silent for {self.patience:g} s with {len(self._calls)} calls unanswered")
        except EOFError:
            self._lose("hung up", wait=1.0)
        except Garbage as error:
            self._lose(f"sent something that is no message: {error}")

    def _hear(self, message: dict[str, Any]) -> None:
        self._heard = time.monotonic()
        with self._lock:
            answer = self._calls.pop(message["id"], None)
        if answer is None or answer.done():
            return  # a sign of life, or nobody waits any more
        if "error" in message:
            answer.set_exception(Refused(message["error"]))
        else:
            answer.set_result(message)

    def _lose(self, why: str, *, wait: float = 0.0) -> Lost:
        """Make an end of the process, and tell everybody who waits for it; the first reason counts."""
        with self._lock:
            if self.lost is not None:
                return self.lost
            self._wire.close()
            status = self._end(wait)
            self.lost = Lost(f"vLLM's process {self.pid} {_ended(status) if status else why}")
            calls, self._calls = list(self._calls.values()), {}
        for answer in calls:
            if not answer.done():
                answer.set_exception(self.lost)
        return self.lost

    def _end(self, wait: float) -> int | None:
        """End the process and all it started; return its exit status if it had one before we killed it."""
        status: int | None = None
        with suppress(subprocess.TimeoutExpired):
            status = self._process.wait(wait)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        return status


def _ended(status: int) -> str:
    return f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
