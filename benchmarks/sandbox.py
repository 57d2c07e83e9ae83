"""How many programs a second does the sandbox judge, and does it last? Beside cold interpreters and bare forks.

    python -m benchmarks.sandbox [SOAK_MINUTES]

Held equal: a trivial program with three tests. Ours runs it under full isolation, 64 at a time; a cold interpreter is
``python -I -S -c`` as often side by side as there are cores; a bare fork is fork, exit and wait of a process that has
imported what ours has. All three are measured in turn, so that others on the machine slow all of them. A soak runs
hostile and honest programs of the tests together and compares the honest ones' rate at its beginning and its end.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from syllogym.envs.code.sandbox import Call, Limits, Sandbox
from syllogym.envs.code.sandbox.inside.fork_server import WARM

PROGRAM = "def add(a, b):\n    return a + b\n"
TESTS = [Call("add", (1, 2), 3), Call("add", (5, 6), 11), Call("add", (-1, 1), 0)]
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
    box = Sandbox()
    print(f"isolation: {box.isolation}; {CORES} cores; load {os.getloadavg()[0]:.1f}")
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
        mine, python, fork, (median, late) = rates[-1]
        print(
            f"ours {mine:.0f}/s, cold interpreter {python:.0f}/s ({mine / python:.1f} x), bare fork {fork:.0f}/s "
            f"({fork / mine:.2f} x ours); latency {median * 1e3:.0f} ms, 99 % within {late * 1e3:.0f} ms"
        )
    print(f"median: {statistics.median(a / b for a, b, _, _ in rates):.1f} x a cold interpreter, ", end="")
    print(f"a bare fork is {statistics.median(c / a for a, _, c, _ in rates):.2f} x as fast, ", end="")
    print(f"99 % within {statistics.median(late / median for *_, (median, late) in rates):.1f} x the median latency")
    for process in bare:
        process.communicate()
    leaks(box, 10_000)
    if len(sys.argv) > 1:
        soak(box, 60 * float(sys.argv[1]))
    box.close()


def rate(run: Callable[..., int], *arguments: object) -> float:
    began = time.perf_counter()
    return run(*arguments) / (time.perf_counter() - began)


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
    def held() -> tuple[int, int, int]:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        children = sum(Path(f"/proc/{pid}/stat").exists() for pid in below(os.getpid()))
        return len(os.listdir("/proc/self/fd")), children, pages * os.sysconf("SC_PAGE_SIZE") >> 20

    ours(box, 200)
    before = held()
    ours(box, runs)
    print(f"{runs} runs: files, processes, megabytes before {before}, after {held()}")


def below(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return children + [one for child in children for one in below(child)]


def soak(box: Sandbox, seconds: float) -> None:
    """Run the hostile programs of the tests and honest ones at full load; compare the honest ones' rate over time."""
    from tests.envs.code.sandbox import corpus

    hostile = corpus.programs(corpus.OWN)
    began = time.monotonic()
    honest: list[float] = []
    wrong: list[str] = []

    async def worker(number: int) -> None:
        at = number
        while time.monotonic() - began < seconds:
            program = hostile[at % len(hostile)]
            verdict = await box.arun(program.source, program.asked(), limits=Limits(wall=1, cpu=1, memory=256 << 20))
            if not corpus.as_expected(program, verdict) and verdict.status != "timeout":
                wrong.append(f"{program.name}: {verdict.status}")
            at += 7
            for _ in range(10):
                if (await box.arun(PROGRAM, TESTS)).passed:
                    honest.append(time.monotonic() - began)

    async def workers() -> None:
        await asyncio.gather(*map(worker, range(16)))

    asyncio.run(workers())
    tenth = seconds / 10
    first, last = sum(when < tenth for when in honest), sum(seconds - tenth < when < seconds for when in honest)
    print(f"soak of {seconds / 60:g} min: {first / tenth:.0f} honest programs/s at first, {last / tenth:.0f}/s at last")
    print(f"wrong verdicts: {wrong or 'none'}")


if __name__ == "__main__":
    main()
