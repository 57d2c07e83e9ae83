"""How is an environment called so that it delays nobody else? At once under a watchdog, awaited, or in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from syllogym.agents.threads import AllStuck, Late, Threads
from syllogym.agents.watchdog import Watchdog
from syllogym.envs import Fault

T = TypeVar("T")


class Stuck(RuntimeError):
    """Every thread for blocking environments is stuck in a call that does not come back; the message says in which."""


class Calls:
    """Calls environments, each call within `seconds`. It belongs to one event loop and the thread that runs it.

    Args:
        seconds: the longest a call may take; more is a `Fault`.
        threads: for environments that are `blocking`.
    """

    def __init__(self, seconds: float, threads: int) -> None:
        self.seconds = seconds
        self.watchdog = Watchdog(seconds)
        self.threads = Threads(threads, seconds)

    async def begin(self, env: Any, seed: int, options: Mapping[str, Any]) -> None:
        """Begin an episode."""
        if env.blocking:
            await self._elsewhere(env, partial(env.reset, seed=seed, options=options))
            return
        with self.watchdog:
            begun = env.begin(seed, options)
        if begun is not None:
            await self._later(env, begun)

    async def act(self, env: Any, replies: Mapping[str, str]) -> Mapping[str, float]:
        """Let the environment hear the replies; return each agent's reward."""
        if env.blocking:
            heard = await self._elsewhere(env, partial(env.act, replies))
        else:
            with self.watchdog:
                heard = env.hear(replies)
            if type(heard) is not tuple:
                heard = await self._later(env, heard)
        rewards: Mapping[str, float] = heard[0]
        return rewards

    def close(self) -> None:
        """Stop watching, and let the threads end."""
        self.watchdog.close()
        self.threads.close()

    async def _later(self, env: Any, value: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self.seconds):
                return await self.watchdog.over(value)
        except TimeoutError:
            raise self._late(env) from None

    async def _elsewhere(self, env: Any, call: Callable[[], T]) -> T:
        try:
            answer: T = await self.threads.run(call)
            return answer
        except Late:
            raise self._late(env) from None
        except AllStuck:
            raise Stuck(
                f"All {self.threads.size} threads for blocking environments are stuck in calls that do not come back. "
                f"The last: {self._late(env)}. Bound what the environment waits for, or raise turn_timeout."
            ) from None

    def _late(self, env: Any) -> Fault:
        fault: Fault = env.fault(f"no answer within {self.seconds:g} s")
        return fault
