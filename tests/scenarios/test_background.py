"""Does work beside the main thread come to an end, whatever becomes of it?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from syllogym.scenarios.background import Background


@pytest.fixture
def background() -> Iterator[Background]:
    """Return one that is closed after the test."""
    one = Background()
    yield one
    one.close()


def test_work_goes_on_while_the_caller_does_something_else(background: Background) -> None:
    done = threading.Event()

    async def work() -> int:
        done.set()
        return 7

    future = background.begin(work())
    assert done.wait(10)
    assert background.wait(future) == 7


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("too slow")], ids=lambda error: type(error).__name__)
def test_what_the_work_raises_reaches_who_waits(background: Background, error: Exception) -> None:
    async def work() -> None:
        raise error

    with pytest.raises(type(error), match=str(error)):
        background.wait(background.begin(work()))


def test_closing_cancels_what_is_not_done_and_ends_the_thread() -> None:
    background, cancelled = Background(), threading.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.set()

    future = background.begin(work())
    before = threading.active_count()
    background.begin(asyncio.sleep(0)).result(10)
    background.close()
    assert cancelled.is_set() and future.cancelled()
    assert threading.active_count() == before - 1


def test_it_begins_again_after_it_was_closed(background: Background) -> None:
    background.wait(background.begin(asyncio.sleep(0)))
    background.close()
    assert background.wait(background.begin(asyncio.sleep(0, 5))) == 5


def test_a_thread_that_died_is_told(background: Background) -> None:
    background.wait(background.begin(asyncio.sleep(0)))
    background._loop.call_soon_threadsafe(background._over.set)
    with pytest.raises(RuntimeError, match="ended before its work was done"):
        background.wait(Future())
