"""How fast is natural deduction checked and drawn, and does the kernel ever accept what z3 refutes?

``python -m benchmarks.soundness 100000`` checks so many random and changed proofs; z3 must be installed (extra `dev`).
"""

from __future__ import annotations

import random
import sys
import time
from itertools import chain

from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS
from syllogym.envs.proofs.deduction.reading import NotAFormula, read, read_sequent
from syllogym.envs.proofs.deduction.theorems import draw_theorem
from syllogym.envs.proofs.prover import Theorem
from tests.envs.proofs.deduction.mutations import mutants
from tests.envs.proofs.deduction.scribbles import scribbles
from tests.envs.proofs.deduction.z3_oracle import valid


def speed(logic: str, steps: int = 6, count: int = 2_000) -> str:
    """Say how many theorems are drawn and how many lines checked in a second of CPU, no formula read before."""
    rng, kernel = random.Random(0), NaturalDeduction()
    begun = time.process_time()
    proofs = [(proven.theorem, proven.proof()) for proven in (draw_theorem(rng, steps, logic) for _ in range(count))]
    drawn = time.process_time()
    read.cache_clear()
    lines = sum(kernel.check(*proof).valid_steps for proof in proofs)
    checked = time.process_time()
    return f"{logic}: {count / (drawn - begun):,.0f} theorems/s, {lines / (checked - drawn):,.0f} lines/s"


def soundness(count: int, seed: int) -> dict[str, int]:
    """Check changed proofs, and a fifth as many random ones; count what z3 says of those that are accepted."""
    kernel = NaturalDeduction()
    found = dict.fromkeys(("proofs", "unreadable", "refused", "valid", "unknown", "not valid"), 0)
    wild = count // 6
    for statement, proof in chain(mutants(random.Random(seed), count - wild), scribbles(random.Random(seed), wild, 60)):
        found["proofs"] += 1
        try:
            read_sequent(statement)
        except NotAFormula:
            found["unreadable"] += 1
            continue
        if not kernel.check(Theorem(statement), proof).proved:
            found["refused"] += 1
            continue
        verdict = {True: "valid", False: "not valid", None: "unknown"}[valid(statement)]
        found[verdict] += 1
        if verdict == "not valid":
            print(f"ACCEPTED BUT NOT VALID\n{statement}\n{proof}")
    return found


if __name__ == "__main__":
    for one in LOGICS:
        print(speed(one))
    print(soundness(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0))
