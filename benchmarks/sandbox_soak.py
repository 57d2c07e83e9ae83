"""Does the sandbox last? Hostile and honest programs at full load, minute by minute, and what is left in the end.

Run by ``python -m benchmarks.sandbox --soak MINUTES``. Cold interpreters are started all the while: how long one takes
tells how busy others keep the machine, so honest programs are also counted per such start.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from syllogym.envs.code.sandbox import Call, Limits, Sandbox

ADD = "def add(a, b):\n    return a + b\n"
THREE = [Call("add", (1, 2), 3), Call("add", (5, 6), 11), Call("add", (-1, 1), 0)]
LIMITS = Limits(wall=1, cpu=1, memory=256 << 20)
LONGEST = 60.0
"""Seconds after which a run that waits among others is said to hang."""

Held = tuple[int, int, int, int]


@dataclass
class Soaked:
    """What came of it: moments (seconds) of honest and hostile runs, cold starts as (moment, seconds), and wrongs."""

    seconds: float
    honest: list[float] = field(default_factory=list)
    hostile: list[float] = field(default_factory=list)
    cold: list[tuple[float, float]] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    before: Held = (0, 0, 0, 0)
    after: Held = (0, 0, 0, 0)

    def between(self, since: float, until: float) -> tuple[float, float, float]:
        """Honest and hostile programs a second, and the seconds of a cold start."""
        rates = [sum(since <= when < until for when in runs) / (until - since) for runs in (self.honest, self.hostile)]
        starts = [took for when, took in self.cold if since <= when < until]
        return rates[0], rates[1], statistics.median(starts) if starts else float("nan")


def soak(box: Sandbox, seconds: float, workers: int = 16) -> Soaked:
    """Keep `workers` programs under way; each hostile one is followed by ten honest ones."""
    from tests.envs.code.sandbox import corpus

    hostile = corpus.programs(corpus.OWN)
    asyncio.run(_warm(box, workers))
    done = Soaked(seconds, before=held())
    began = time.monotonic()

    async def timed(program: str, tests: list[Call], runs: list[float]) -> None:
        asked = time.monotonic()
        verdict = await box.arun(program, tests)
        runs.append(time.monotonic() - began)
        if not verdict.passed:
            done.wrong[f"honest: {verdict.status} {verdict.message}"] += 1
        if time.monotonic() - asked > LONGEST:
            done.wrong["honest: hangs"] += 1

    async def work(number: int) -> None:
        while time.monotonic() - began < seconds:
            program = hostile[number % len(hostile)]
            verdict = await box.arun(program.source, program.asked(), limits=LIMITS)
            done.hostile.append(time.monotonic() - began)
            if not corpus.as_expected(program, verdict) and verdict.status != "timeout":
                done.wrong[f"{program.name}: {verdict.status} {verdict.message}"] += 1
            number += 7
            for _ in range(10):
                await timed(ADD, THREE, done.honest)

    async def work_all() -> None:
        await asyncio.gather(*map(work, range(workers)))

    starts = threading.Thread(target=_start_cold, args=(done, began))
    starts.start()
    asyncio.run(work_all())
    starts.join()
    asyncio.run(_warm(box, workers))
    done.after = held()
    return done


async def _warm(box: Sandbox, workers: int) -> None:
    """Have every fork server started."""
    await asyncio.gather(*(box.arun(ADD, THREE) for _ in range(10 * workers)))


def _start_cold(done: Soaked, began: float) -> None:
    python = os.path.realpath(sys.executable)
    while (when := time.monotonic() - began) < done.seconds:
        subprocess.run([python, "-I", "-S", "-c", ""], check=True)
        done.cold.append((when, time.monotonic() - began - when))
        time.sleep(1)


def held() -> Held:
    """Descriptors, processes, folders of fork servers, and megabytes of this process and all below it."""
    pids = below(os.getpid())
    folders = list(Path(tempfile.gettempdir()).glob("syllogym-sandbox-*"))
    pages = sum(_pages(pid) for pid in [os.getpid(), *pids])
    return len(os.listdir("/proc/self/fd")), len(pids), len(folders), pages * os.sysconf("SC_PAGE_SIZE") >> 20


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:  # ended just now
        return 0


def below(pid: int) -> list[int]:
    """The processes under one."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except OSError:  # ended just now
        return []
    return children + [one for child in children for one in below(child)]


def report(done: Soaked, say: Callable[[str], None]) -> None:
    """Tell it minute by minute, and the first tenth beside the last."""
    for minute in range(max(1, int(done.seconds // 60))):
        honest, hostile, cold = done.between(60 * minute, min(60 * (minute + 1), done.seconds))
        say(f"minute {minute + 1}: {_told(honest, cold)}, {hostile:.1f} hostile/s")
    tenth = max(done.seconds / 10, min(60, done.seconds / 2))
    for name, since in (("first", 0.0), ("last", done.seconds - tenth)):
        honest, _, cold = done.between(since, since + tenth)
        say(f"{name} {tenth:.0f} s: {_told(honest, cold)}")
    say(f"{len(done.honest)} honest and {len(done.hostile)} hostile runs; wrong: {dict(done.wrong) or 'none'}")
    say(f"descriptors, processes, folders, megabytes before {done.before}, after {done.after}")


def _told(honest: float, cold: float) -> str:
    return f"{honest:.0f} honest/s, {honest * cold:.2f} in the {cold * 1e3:.0f} ms of a cold interpreter"
