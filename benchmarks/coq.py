"""How fast does Coq check here, does it stop in time, and is anything left behind? Part of `benchmarks.proofs`."""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import syllogym as sg
from syllogym.envs.proofs.prover import Theorem, WrongStep
from syllogym.envs.proofs.rocq.process import missing
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.envs.proofs.rocq.theorems import TOPICS, Proven, draw_theorem

LOGIC = Proven(
    Theorem("forall P Q R : Prop, P /\\ Q -> (Q -> R) -> R /\\ P"),
    ("intros P Q R H K.", "destruct H as [p q].", "split.", "apply K.", "exact q.", "exact p."),
)
"""With `Theorem` and `Qed` eight sentences."""

LINEAR = Proven(Theorem("forall a b : nat, a < b -> a + 2 <= b + 1", preamble="Require Import Lia."), ("intros; lia.",))
SECONDS = 5.0
EPISODES = 2_000
_SETTLED = 100
"""Episodes after which all that is needed has been started."""


def coq() -> Iterator[str]:
    """Yield the figures of Coq's processes."""
    if missing():
        yield f"coq: {missing()}"
        return
    yield f"load {os.getloadavg()[0]:.1f}"
    yield from _rates()
    yield _steps()
    yield _interrupts()
    yield _cold()
    yield from _episodes(EPISODES)


def _rates() -> Iterator[str]:
    """Whole proofs a second, on one process and on one for each core; by the clock, since others do the work."""
    drawn = {topic: [draw_theorem(random.Random(seed), topic, 2) for seed in range(100)] for topic in TOPICS[1:]}
    work = {"eight sentences": _named(LOGIC, 200), **drawn, "mixed": [], "lia": _named(LINEAR, 20)}
    work["mixed"] = [one for four in zip(*drawn.values(), strict=True) for one in four][:100]
    for size in (1, len(os.sched_getaffinity(0))):
        prover = CoqProver(processes=size)
        for what, proven in work.items():
            _all_checked(prover, proven[: 4 * size], size)  # preambles are loaded
            began, used = time.perf_counter(), _cpu()
            proved = _all_checked(prover, proven, size)
            rate, used = len(proven) / (time.perf_counter() - began), (_cpu() - used) / len(proven)
            yield (
                f"{what}, {size} processes: {rate:,.0f} whole proofs/s by the clock, {1000 * used:.1f} ms of processor "
                f"time each ({1 / used:,.0f}/s of one core), {proved} of {len(proven)} proved; "
                f"load {os.getloadavg()[0]:.0f}"
            )
        prover.close()


def _named(proven: Proven, count: int) -> list[Proven]:
    """Return a theorem under many names: what it rests on is found out for each."""
    return [Proven(replace(proven.theorem, name=f"goal{at}"), proven.steps) for at in range(count)]


def _all_checked(prover: CoqProver, proven: list[Proven], threads: int) -> int:
    proved: list[bool] = []

    def check(mine: list[Proven]) -> None:
        for one in mine:
            proved.append(prover.check(one.theorem, "\n".join(one.steps)).proved)

    _at_once([lambda at=at: check(proven[at::threads]) for at in range(threads)])
    return sum(proved)


def _at_once(jobs: list[Callable[[], None]]) -> None:
    running = [threading.Thread(target=job) for job in jobs]
    for one in running:
        one.start()
    for one in running:
        one.join()


def _cold() -> str:
    """A process of `coqc` for each proof."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "cold.v")
        file.write_text(f"Theorem t : {LOGIC.theorem.statement}.\nProof.\n{' '.join(LOGIC.steps)}\nQed.\n")
        began, used = time.perf_counter(), os.times()
        for _ in range(10):
            subprocess.run([shutil.which("coqc") or "coqc", file.name], cwd=folder, check=True, capture_output=True)
        took, ended = time.perf_counter() - began, os.times()
    spent = ended.children_user + ended.children_system - used.children_user - used.children_system
    return f"cold coqc: {10 / took:.1f} proofs/s by the clock, {10 / spent:.1f}/s of one core"


def _steps() -> str:
    """A tactic and the goals after it."""
    prover, taken = CoqProver(processes=1), []
    prover.open(LOGIC.theorem)
    used = _cpu()
    for seed in range(200):
        proven = draw_theorem(random.Random(seed), "mixed", 3)
        state = prover.open(proven.theorem)
        for step in proven.steps:
            began = time.perf_counter()
            state = prover.apply(state, step)
            taken.append(1000 * (time.perf_counter() - began))
    used = (_cpu() - used) / len(taken)
    prover.close()
    ninth = statistics.quantiles(taken, n=10)[-1]
    return (
        f"{len(taken)} steps with goals: median {statistics.median(taken):.2f} ms, nine of ten below {ninth:.2f} ms, "
        f"{1000 * used:.2f} ms of processor time (opening theorems included); load {os.getloadavg()[0]:.0f}"
    )


def _interrupts() -> str:
    """Loops that are stopped, and how late."""
    prover, late = CoqProver(seconds=0.5, processes=1), []
    loops = ("do 1000000000 idtac.", "let rec f _ := f tt in f tt.", "exact (eq_refl (Nat.pow 9 9)).",
             "assert (H : Nat.pow 12 12 = 0) by (vm_compute; reflexivity).")  # fmt: skip
    for loop in loops * 3:
        state = prover.open(Theorem("1 = 2"))
        began = time.perf_counter()
        try:
            prover.apply(state, loop)
        except WrongStep:
            late.append(time.perf_counter() - began - 0.5)
    prover.close()
    return f"{len(late)} loops stopped, at most {1000 * max(late):.0f} ms after the deadline of 500 ms"


def _episodes(count: int) -> Iterator[str]:
    """Episodes of the environment, a third of them with a wrong step or a loop, and what they leave."""
    env = sg.make("proofs/coq", seconds=1.0)
    env.reset(seed=0)
    began, highest, paid = time.perf_counter(), 0, 0.0
    for seed in range(count):
        env.reset(seed=seed)
        if seed % 3 == 0:
            env.step("exact wrong." if seed % 60 else "do 1000000000 idtac.")
        while not env.over:
            _, reward, *_ = env.step(env.unwrapped.solve())
            paid += reward
        if seed == _SETTLED:
            before, folders = _held(), _folders()
        if seed % 50 == 0:
            highest = max(highest, *_held()[2])
    after = _held()
    left = _folders() - folders
    yield f"{count} episodes in {time.perf_counter() - began:.0f} s, {paid:.0f} proved"
    yield (
        f"  since episode {_SETTLED}: processes {before[0]} -> {after[0]}, descriptors {before[1]} -> {after[1]}, "
        f"folders {len(left)} more; "
        f"largest process of Coq {highest >> 20} MB, at the end {max(after[2]) >> 20} MB; load {os.getloadavg()[0]:.1f}"
    )
    env.unwrapped.prover.close()


def _folders() -> set[str]:
    """Return the names of the sandbox's own in the folder for what is temporary."""
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("syllogym-sandbox-")}


def _held() -> tuple[int, int, list[int]]:
    """Return how many processes are below this one, its descriptors, and the bytes in memory of each of Coq."""
    below = _below(os.getpid())
    sizes = []
    for pid in below:
        if b"coqidetop" in Path(f"/proc/{pid}/cmdline").read_bytes():
            sizes.append(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    return len(below), len(os.listdir("/proc/self/fd")), sizes or [0]


def _cpu() -> float:
    """Return the processor seconds of this process and of those below it that are alive."""
    spent = time.process_time()
    for pid in _below(os.getpid()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _below(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_below(child)]
    return found
