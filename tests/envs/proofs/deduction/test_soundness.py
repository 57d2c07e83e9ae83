"""Is what the kernel accepts true, and is what is drawn a theorem? z3 decides, which knows nothing of the kernel."""

from __future__ import annotations

import random

import pytest

from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS
from syllogym.envs.proofs.deduction.reading import NotAFormula, read_sequent
from syllogym.envs.proofs.deduction.theorems import draw_theorem
from syllogym.envs.proofs.prover import Theorem
from tests.envs.proofs.deduction.mutations import mutants
from tests.envs.proofs.deduction.z3_oracle import valid


def readable(statement: str) -> bool:
    try:
        read_sequent(statement)
    except NotAFormula:
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_no_proof_of_what_is_not_valid_is_accepted_among_a_thousand_changed_ones(seed: int) -> None:
    kernel, verdicts = NaturalDeduction(), []
    for statement, proof in mutants(random.Random(seed), 1_000):
        if readable(statement) and kernel.check(Theorem(statement), proof).proved:
            verdicts.append(valid(statement))
    assert False not in verdicts
    assert verdicts.count(True) > 250


def test_most_changed_theorems_are_not_valid_so_that_there_is_something_to_refuse() -> None:
    changed = [statement for statement, _ in mutants(random.Random(0), 300) if readable(statement)]
    assert [valid(statement) for statement in changed].count(False) > 15


@pytest.mark.parametrize("logic", LOGICS)
def test_drawn_theorems_are_valid_and_their_proofs_accepted(logic: str) -> None:
    rng, kernel = random.Random(5), NaturalDeduction()
    for steps in (1, 3, 6, 10) * 20:
        proven = draw_theorem(rng, steps, logic)
        assert kernel.check(proven.theorem, proven.proof()).proved
        assert valid(proven.theorem.statement) is not False
