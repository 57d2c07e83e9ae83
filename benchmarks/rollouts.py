"""What do rollouts cost where there is no model to wait for? Time an episode, waiting steps a second, memory.

Rows of time are CPU seconds of this process; the steps that wait are counted by wall clock, as is the bare
`asyncio.gather` that they are compared with: nothing but the waiting. Memory is measured in a process of its own.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Row, race
from syllogym import agents, envs
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Reply, TextEnv, Turn

WAIT_S = 0.01
LIVE, TURNS = 2048, 5
_waiting: set[TextEnv] = set()
_most = [0]
_MEMORY = """
import resource, sys
from benchmarks.rollouts import memory
print(memory(int(sys.argv[1])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@envs.register("bench/waiting")
class Waiting(TextEnv):
    """Waits in every step, as for a tool or a sandbox."""

    instance_hidden = True
    max_turns = TURNS

    def on_reset(self, rng: Any, wait: float = WAIT_S) -> str:
        self.wait = wait
        return "go"

    async def on_step(self, reply: Reply) -> Turn:  # type: ignore[override]
        _waiting.add(self)
        _most[0] = max(_most[0], len(_waiting))
        await asyncio.sleep(self.wait)
        _waiting.remove(self)
        return Turn("ok")


def rows() -> Iterator[Row]:
    silent = agents.get("silent")()
    single = [Task("math/arithmetic", seed, group=seed // 8, index=seed % 8) for seed in range(4096)]
    row = race(Row("single-turn episodes", "episodes/s"), lambda: _count(Rollouts({"*": silent}).run(single)))
    row.what += f" ({1e6 / sorted(row.ours)[len(row.ours) // 2]:.0f} microseconds each; 100 allowed)"
    yield row
    waiting = [Task("bench/waiting", seed) for seed in range(LIVE)]
    row = Row(f"steps that wait {WAIT_S * 1e3:.0f} ms, {LIVE} episodes live, wall clock", "steps/s", "asyncio.gather")
    rollouts = Rollouts({"*": silent}, live=LIVE)
    yield race(row, lambda: TURNS * _count(rollouts.run(waiting)), _gather, clock=time.perf_counter)
    live = 10_000
    measure = subprocess.run([sys.executable, "-c", _MEMORY, str(live)], capture_output=True, text=True, check=True)
    most, megabytes = map(float, measure.stdout.split())
    yield Row(f"memory of {most:,.0f} episodes live, all of the process", "MB", ours=[megabytes])


def memory(live: int) -> int:
    """Play so many episodes at once; return how many waited at the same time."""
    tasks = [Task("bench/waiting", seed, {"wait": 2.0}, max_turns=2) for seed in range(live)]
    Rollouts({"*": agents.get("silent")()}, live=live).run(tasks)
    return _most[0]


def _count(episodes: list[Any]) -> int:
    return len(episodes)


def _gather() -> int:
    async def episode() -> None:
        for _ in range(TURNS):
            await asyncio.sleep(WAIT_S)

    async def all_of_them() -> None:
        await asyncio.gather(*(episode() for _ in range(LIVE)))

    asyncio.run(all_of_them())
    return LIVE * TURNS
