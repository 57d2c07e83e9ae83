"""How does an environment wait for something outside, a server or a sandbox, without holding up the others?

A hook may be ``async def`` (`on_reset`, `on_step`, a tool; in a `Question` `draw` and `grade`), or return something to
await now and then. The engine is written once for both: what a hook has at once goes straight on, and what is still to
come makes the engine's own answer a coroutine. Rollouts await that; in everybody else's loop it is run to its end.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import os
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")
U = TypeVar("U")

Soon: TypeAlias = T | Awaitable[T]
"""A value, or something to await for it."""

_SLICE_S = 0.5
_loops: dict[tuple[int, int], asyncio.AbstractEventLoop] = {}


def then(value: Soon[T], go_on: Callable[[T], Soon[U]]) -> Soon[U]:
    """Return ``go_on(value)``; for a value that is still to come, a coroutine that returns it."""
    return _then(value, go_on) if hasattr(value, "__await__") else go_on(value)


def in_turn(values: Iterator[Soon[T]]) -> Soon[list[T]]:
    """Collect values one after the other; once one is still to come, a coroutine does the rest."""
    found: list[T] = []
    for value in values:
        if hasattr(value, "__await__"):
            return _in_turn(found, value, values)
        found.append(value)
    return found


def together(values: Sequence[Soon[T]]) -> Soon[list[T]]:
    """Collect values that are waited for side by side; where none is still to come, at once."""
    if any(hasattr(value, "__await__") for value in values):
        return _together(values)
    return list(values)  # type: ignore[arg-type]


def finish(value: Soon[T]) -> T:
    """Return a value, waiting for it where it is still to come; in any thread, beside a running loop too."""
    if not hasattr(value, "__await__"):
        return value
    future = asyncio.run_coroutine_threadsafe(_only(value), _loop())
    try:
        while not concurrent.futures.wait((future,), _SLICE_S).done:
            pass  # in slices, since a watchdog's exception cannot reach a thread that sleeps
        answer: T = future.result()
        return answer
    finally:
        future.cancel()  # after Ctrl-C nobody waits for it any more


def is_coroutine(cls: type, *hooks: str) -> bool:
    """Say whether a class writes one of these hooks as ``async def``."""
    return any(inspect.iscoroutinefunction(getattr(cls, name, None)) for name in hooks)


async def _then(value: Awaitable[T], go_on: Callable[[T], Soon[U]]) -> U:
    result = go_on(await value)
    return await result if hasattr(result, "__await__") else result


async def _in_turn(found: list[T], value: Awaitable[T], rest: Iterator[Soon[T]]) -> list[T]:
    found.append(await value)
    for later in rest:
        found.append(await later if hasattr(later, "__await__") else later)
    return found


async def _together(values: Sequence[Soon[T]]) -> list[T]:
    return list(await asyncio.gather(*(_settled(value) for value in values)))


async def _settled(value: Soon[T]) -> T:
    return await value if hasattr(value, "__await__") else value


async def _only(value: Awaitable[T]) -> T:
    return await value


def _loop() -> asyncio.AbstractEventLoop:
    """Return a loop of this process for what cannot be awaited: one for all, since clients belong to their loop.

    Asked from inside that one, by a hook that waits and calls another environment's plain view, it is a second.
    """
    inside = asyncio._get_running_loop()
    here = [loop for (process, _), loop in _loops.items() if process == os.getpid()]
    place = os.getpid(), here.index(inside) + 1 if inside in here else 0
    if place not in _loops:
        new = asyncio.new_event_loop()
        if _loops.setdefault(place, new) is new:
            threading.Thread(target=new.run_forever, name="syllogym-waiting", daemon=True).start()
        else:
            new.close()
    return _loops[place]
