"""How is a coroutine run to its end where no event loop is? In one of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_alone(coroutine: Coroutine[Any, Any, T]) -> T:
    """Do as `asyncio.run`, which writes out the whole result when it gives SIGINT back: thousands of episodes."""
    result: list[T] = []

    async def main() -> None:
        result.append(await coroutine)

    asyncio.run(main())
    return result[0]
