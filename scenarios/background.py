"""How does asynchronous work go on beside the main thread? In an event loop on a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

_LOOK = 1.0
"""Seconds between looks at whether the thread still lives, while somebody waits for it."""

_PATIENCE = 30.0
"""Seconds that cancelled work may take to end. A call into compiled code cannot be ended, and is left behind."""


class Background:
    """An event loop on a thread, from the first `begin` to `close`. No two methods may be called at once."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Let it be done beside what the caller does."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=lambda: asyncio.run(self._serve()), name="syllogym-play", daemon=True
            )
            self._thread.start()
            self._ready.wait()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def wait(self, work: Future[T]) -> T:
        """Return what the work comes to, or raise what it raised.

        Raises:
            RuntimeError: the thread has died.
        """
        while True:
            try:
                return work.result(_LOOK)
            except TimeoutError:
                if work.done():
                    return work.result()  # or raise its own
                if self._thread is None or not self._thread.is_alive():
                    raise RuntimeError("The thread that plays has ended before its work was done.") from None

    def close(self) -> None:
        """Cancel what is not done, and end the thread."""
        if self._thread is not None:
            with suppress(RuntimeError):  # the loop is closed: the thread has ended by itself
                self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(_PATIENCE)
            self._thread = None
            self._ready.clear()

    async def _serve(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._over.wait()  # asyncio.run cancels the rest
