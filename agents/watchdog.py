"""What stops an environment that hangs? A thread that watches the clock and raises inside the hanging call.

The exception reaches any Python code, so the environment's engine turns it into a `Fault` like every other exception. A
call that hangs inside compiled code is beyond reach until it returns: run such scorers in killable workers.
"""

from __future__ import annotations

import ctypes
import threading
import time
import types
from collections.abc import Awaitable, Generator
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class Hang(Exception):
    """An environment took longer than a turn may take."""


class Watchdog:
    """Bounds the time of each environment call made in the thread that created it.

    Args:
        seconds: the longest a call may take.

    Use it as ``with watchdog: env.step(...)``; entering costs half a microsecond.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._began: float | None = None
        self._victim = threading.get_ident()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        threading.Thread(target=self._watch, name="syllogym-watchdog", daemon=True).start()

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._began = None

    @types.coroutine
    def over(self, work: Awaitable[T]) -> Generator[Any, Any, T]:
        """Await `work`, watching each stretch in which it computes; how long it waits is not counted."""
        steps = work.__await__()
        go_on, with_what = steps.send, None
        while True:
            try:
                with self:
                    wanted = go_on(with_what)
            except StopIteration as done:
                result: T = done.value
                return result
            try:
                go_on, with_what = steps.send, (yield wanted)
            except BaseException as error:  # for `work` to hear: a cancellation, most often
                go_on, with_what = steps.throw, error

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(min(1.0, self.seconds / 4)):
            with self._lock:
                began = self._began
                if began is not None and time.monotonic() - began > self.seconds:
                    self._began = None
                    message = type("Hang", (Hang,), {"__str__": lambda _: f"no answer within {self.seconds:g} s"})
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._victim), ctypes.py_object(message))
