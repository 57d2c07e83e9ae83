"""How fast are proofs checked and made, and do others judge them alike? python -m benchmarks.proofs [metamath ...]"""

from __future__ import annotations

import gc
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from benchmarks.coq import coq
from benchmarks.metamath_agreement import compare
from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.kernel import verify
from syllogym.envs.proofs.mm.library import library
from syllogym.envs.proofs.mm.prover import MetamathProver
from syllogym.envs.proofs.mm.replay import replay
from syllogym.envs.proofs.prover import ProofState, Theorem

DATABASES = Path("/usr/share/metamath/databases")
REPLAYED = 1_200

T = TypeVar("T")


def metamath() -> Iterator[str]:
    """Yield the figures of the Metamath kernel and its steps, on Debian's databases."""
    if not DATABASES.is_dir():
        yield "metamath: needs Debian's packages metamath and metamath-databases"
        return
    for name in ("ql", "nf", "iset", "set"):
        path = DATABASES / f"{name}.mm"
        database, reading = timed(lambda path=path: Database.read(path))
        proofs, checking = timed(lambda database=database: verify(database))
        theirs = (
            f", metamath's own time for all is {checking_by_metamath(path):.2f} s" if shutil.which("metamath") else ""
        )
        yield (
            f"{path.name}: read in {reading:.2f} s, {proofs} proofs in {checking:.2f} s, "
            f"{proofs / checking:,.0f} proofs/s{theirs}"
        )
    yield from replaying(MetamathProver(database), "set.mm")
    yield from replaying(library("").prover, "our own database")
    if shutil.which("metamath"):
        for name, share in (("ql", 1.0), ("nf", 1.0)):
            judged, refused, differ = compare(DATABASES / f"{name}.mm", 0, share)
            yield f"{name}.mm, mutated: {judged} proofs, {refused} refused by both, {len(differ)} judged differently"


def replaying(prover: MetamathProver, name: str) -> Iterator[str]:
    """Yield how fast sampled theorems are proved by their own steps, and whether all are."""
    provable = [one for one in prover.database.theorems if one.type == prover.grammar.provable]
    sample = random.Random(1).sample(provable, min(REPLAYED, len(provable)))
    steps = {one.label: replay(one, prover.database, prover.grammar.provable) for one in sample}
    jobs = [(prover.theorem(label), own) for label, own in steps.items() if own is not None]
    many = sum(len(own) for _, own in jobs)
    _, parsing = timed(lambda: [prover.pattern(step.split()[0]) for _, own in jobs for step in own])
    states, replayed = timed(lambda: [walked(prover, theorem, own) for theorem, own in jobs])
    proofs, written = timed(lambda: [prover.proof(state) for state in states])
    verdicts, checked = timed(lambda: [prover.check(job[0], proof) for job, proof in zip(jobs, proofs, strict=True)])
    yield (
        f"{name}: {len(jobs)} of {len(sample)} sampled theorems replayed ({len(sample) - len(jobs)} too long), "
        f"{sum(one.proved for one in verdicts)} proved; {many:,} steps, {many / replayed:,.0f} steps/s; "
        f"statements parsed in {parsing:.2f} s; {len(jobs) / written:,.0f} proofs/s written, "
        f"{len(jobs) / checked:,.0f} checked"
    )


def walked(prover: MetamathProver, theorem: Theorem, steps: list[str]) -> ProofState:
    """Return the state after all steps."""
    state = prover.open(theorem)
    for step in steps:
        state = prover.apply(state, step)
    return state


def checking_by_metamath(path: Path) -> float:
    """Return the CPU seconds that `metamath` takes to read and verify a database."""
    before = children()
    commands = [f"read {path.name}", "verify proof *", "exit"]
    subprocess.run(["metamath", *commands], cwd=path.parent, capture_output=True, timeout=600, check=True)
    return children() - before


def children() -> float:
    """Return the CPU seconds of ended child processes."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` returns, and its CPU seconds."""
    gc.collect()
    began = time.process_time()
    value = work()
    return value, time.process_time() - began


BACKENDS = {"metamath": metamath, "coq": coq}
"""One function for each prover; each yields lines."""


def main(names: list[str]) -> None:
    """Print the figures of some provers, or of all."""
    for name in names or BACKENDS:
        for line in BACKENDS[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
