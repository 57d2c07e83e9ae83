"""Which slow environments do the tests of rollouts play? Ones that wait, block, hang, and one that is instant."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from typing import ClassVar

from syllogym import envs
from syllogym.envs import Reply, Reward, TextEnv, Turn


class Walk(TextEnv):
    """Each of three turns tells a number drawn from the episode's chance; the last one is paid."""

    instance_hidden = True

    def on_reset(self, rng: random.Random, wait: float = 0.0, bad: tuple[int, ...] = ()) -> str:
        self.rng, self.wait, self.bad = rng, wait, bad
        return f"start {rng.randint(0, 99)}"

    def answer(self, reply: Reply) -> Turn:
        return Turn(f"then {self.rng.randint(0, 99)}", Reward(correct=len(reply) % 2), over=self.turn == 2)

    def on_step(self, reply: Reply) -> Turn:
        return self.answer(reply)

    @property
    def stuck(self) -> bool:
        """Whether this episode is one of the bad ones."""
        return self.seed in self.bad


@envs.register("test-slow/instant")
class Instant(Walk):
    """Takes no time."""


@envs.register("test-slow/waiting")
class Waiting(Walk):
    """Waits in every turn, for long in a bad episode; counts those that wait at one time."""

    now: ClassVar[int] = 0
    most: ClassVar[int] = 0

    async def on_step(self, reply: Reply) -> Turn:  # type: ignore[override]
        Waiting.now += 1
        Waiting.most = max(Waiting.most, Waiting.now)
        try:
            await asyncio.sleep(30 if self.stuck else self.wait and self.wait * self.rng.random())
        finally:
            Waiting.now -= 1
        return self.answer(reply)


@envs.register("test-slow/computing")
class Computing(Walk):
    """Waits a little, then computes for ever in a bad episode."""

    async def on_step(self, reply: Reply) -> Turn:  # type: ignore[override]
        await asyncio.sleep(0)
        while self.stuck:
            pass
        return self.answer(reply)


@envs.register("test-slow/blocking")
class Blocking(Walk):
    """Blocks its thread in every turn, in a bad episode until it is let go."""

    blocking = True
    go: ClassVar[threading.Event] = threading.Event()
    threads: ClassVar[set[int]] = set()

    def on_step(self, reply: Reply) -> Turn:
        Blocking.threads.add(threading.get_ident())
        if self.stuck:
            Blocking.go.wait(30)
        time.sleep(self.wait and self.wait * self.rng.random())
        return self.answer(reply)


@envs.register("test-slow/cancelling")
class Cancelling(Walk):
    """Cancels itself in a bad episode."""

    async def on_step(self, reply: Reply) -> Turn:  # type: ignore[override]
        if self.stuck:
            raise asyncio.CancelledError
        return self.answer(reply)
