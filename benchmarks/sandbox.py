"""How many programs a second does the sandbox judge, and does it last? Beside cold interpreters and bare forks.

    python -m benchmarks.sandbox [--soak MINUTES]

Held equal: a trivial program with three tests. Ours runs it under full isolation, 64 at a time; a cold interpreter is
``python -I -S -c`` as often side by side as there are cores; a bare fork is fork, exit and wait of a process that has
imported what ours has. All three are measured in turn, so that others on the machine slow all of them. On a busy
machine rates favour whoever has the most processes (ours); ratios of processor time, all processes together, do not.
With ``--soak``, hostile and honest programs run together for so long instead (`benchmarks.sandbox_soak`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.sandbox_soak import ADD as PROGRAM
from benchmarks.sandbox_soak import THREE as TESTS
from benchmarks.sandbox_soak import below, held, report, soak
from syllogym.envs.code.sandbox import Sandbox
from syllogym.envs.code.sandbox.inside.fork_server import WARM

CORES = len(os.sched_getaffinity(0))
PYTHON = os.path.realpath(sys.executable)
ROUNDS = 7

BARE = f"""
import gc, importlib, os, sys
for name in {WARM.split()!r}: importlib.import_module(name)
gc.collect(); gc.freeze()
for line in sys.stdin:
    for _ in range(int(line)):
        pid = os.fork()
        if pid == 0: os._exit(0)
        os.waitpid(pid, 0)
    print(flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="run hostile and honest programs for so long")
    minutes = parser.parse_args().soak
    box = Sandbox()
    print(f"isolation: {box.isolation}; {CORES} cores; load {os.getloadavg()[0]:.1f}", flush=True)
    if minutes:
        report(soak(box, 60 * minutes), print)
    else:
        compare(box)
    box.close()


def compare(box: Sandbox) -> None:
    bare = [
        subprocess.Popen(
            [PYTHON, "-P", "-S", "-s", "-c", BARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(CORES)
    ]
    ours(box, 64)
    forks(bare, 10)
    rates = []
    for _ in range(ROUNDS):
        rates.append((rate(ours, box, 300), rate(cold, 16 * CORES), rate(forks, bare, 150), latency(box)))
        (mine, _), (python, _), (fork, _), (median, late) = rates[-1]
        print(
            f"ours {mine:.0f}/s, cold interpreter {python:.0f}/s ({mine / python:.1f} x), bare fork {fork:.0f}/s "
            f"({fork / mine:.2f} x ours); latency {median * 1e3:.0f} ms, 99 % within {late * 1e3:.0f} ms"
        )
    for name, at in (("rates", 0), ("processor time", 1)):
        cold_ratio = statistics.median(a[0] / b[0] if at == 0 else b[1] / a[1] for a, b, _, _ in rates)
        fork_ratio = statistics.median(c[0] / a[0] if at == 0 else a[1] / c[1] for a, _, c, _ in rates)
        print(f"median by {name}: {cold_ratio:.1f} x a cold interpreter, a bare fork is {fork_ratio:.2f} x as fast")
    print(f"99 % within {statistics.median(late / median for *_, (median, late) in rates):.1f} x the median latency")
    for process in bare:
        process.communicate()
    leaks(box, 10_000)


def rate(run: Callable[..., int], *arguments: object) -> tuple[float, float]:
    """Runs a second, and seconds of processor time of one."""
    began, before = time.perf_counter(), used()
    runs = run(*arguments)
    return runs / (time.perf_counter() - began), (used() - before) / runs


def used() -> float:
    """Seconds of processor time of this process and all below it, and of those that have ended."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in below(os.getpid())]
    ticks = sum(int(one) for each in fields for one in each[11:15])
    return sum(os.times()[:4]) + ticks / os.sysconf("SC_CLK_TCK")


def ours(box: Sandbox, runs: int) -> int:
    return len(asyncio.run(timed(box, runs)))


def latency(box: Sandbox) -> tuple[float, float]:
    """Median and 99th percentile, seconds, of runs of which 64 are under way at each moment."""
    times = sorted(asyncio.run(timed(box, 640)))
    return times[len(times) // 2], times[len(times) * 99 // 100]


async def timed(box: Sandbox, runs: int) -> list[float]:
    gate = asyncio.Semaphore(64)

    async def one() -> float:
        async with gate:
            began = time.perf_counter()
            verdict = await box.arun(PROGRAM, TESTS)
            if not verdict.passed:
                raise AssertionError(verdict)
            return time.perf_counter() - began

    return await asyncio.gather(*(one() for _ in range(runs)))


def cold(runs: int) -> int:
    code = f"{PROGRAM}\nassert add(1, 2) == 3 and add(5, 6) == 11 and add(-1, 1) == 0"
    with ThreadPoolExecutor(CORES) as threads:
        list(threads.map(lambda _: subprocess.run([PYTHON, "-I", "-S", "-c", code], check=True), range(runs)))
    return runs


def forks(bare: list[subprocess.Popen[str]], runs: int) -> int:
    for process in bare:
        assert process.stdin is not None
        process.stdin.write(f"{runs}\n")
        process.stdin.flush()
    for process in bare:
        assert process.stdout is not None
        process.stdout.readline()
    return runs * len(bare)


def leaks(box: Sandbox, runs: int) -> None:
    ours(box, 200)
    before = held()
    ours(box, runs)
    print(f"{runs} runs: descriptors, processes, folders, megabytes before {before}, after {held()}")


if __name__ == "__main__":
    main()
