"""Is what the kernel accepts true, and is what is drawn a theorem? z3 decides, which knows nothing of the kernel."""

from __future__ import annotations

import random

import pytest

from syllogym.envs.proofs.deduction import kernel
from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS
from syllogym.envs.proofs.deduction.reading import NotAFormula, read_sequent
from syllogym.envs.proofs.deduction.theorems import draw_theorem
from syllogym.envs.proofs.prover import Theorem
from tests.envs.proofs.deduction.cheats import CHEATS
from tests.envs.proofs.deduction.mutations import mutants
from tests.envs.proofs.deduction.scribbles import scribbles
from tests.envs.proofs.deduction.z3_oracle import valid


def readable(statement: str) -> bool:
    try:
        read_sequent(statement)
    except NotAFormula:
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_no_proof_of_what_is_not_valid_is_accepted_among_a_thousand_changed_ones(seed: int) -> None:
    checker, verdicts = NaturalDeduction(), list[bool | None]()
    for statement, proof in mutants(random.Random(seed), 1_000):
        if readable(statement) and checker.check(Theorem(statement), proof).proved:
            verdicts.append(valid(statement))
    assert False not in verdicts
    assert verdicts.count(True) > 250


def test_most_changed_theorems_are_not_valid_so_that_there_is_something_to_refuse() -> None:
    changed = [statement for statement, _ in mutants(random.Random(0), 300) if readable(statement)]
    assert [valid(statement) for statement in changed].count(False) > 15


@pytest.mark.parametrize("logic", LOGICS)
def test_drawn_theorems_are_valid_and_their_proofs_accepted(logic: str) -> None:
    rng, checker = random.Random(5), NaturalDeduction()
    for steps in (1, 3, 6, 10) * 20:
        proven = draw_theorem(rng, steps, logic)
        assert checker.check(proven.theorem, proven.proof()).proved
        assert valid(proven.theorem.statement) is not False


def test_no_random_proof_of_what_is_not_valid_is_accepted() -> None:
    checker, verdicts = NaturalDeduction(), list[bool | None]()
    for statement, proof in scribbles(random.Random(1), 200, tries=60):
        assert checker.check(Theorem(statement), proof).proved
        verdicts.append(valid(statement))
    assert False not in verdicts
    assert verdicts.count(True) > 150


@pytest.mark.parametrize("rule", ["exE", "allI"])
def test_a_kernel_that_forgets_what_must_be_new_is_found_out(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_new_name", lambda lines, boxes, cited, opening: "".join(cited))
    proofs = {"exE": CHEATS["one witness for two"], "allI": CHEATS["a name that is not new"]}
    statement, proof = proofs[rule]
    if rule == "exE":
        proof += (
            "\n5. | | P(c) /\\ Q(c) by andI 3, 4\n6. | | exists x. P(x) /\\ Q(x) by exI 5\n"
            "7. | exists x. P(x) /\\ Q(x) by exE 2, 4-6\n8. exists x. P(x) /\\ Q(x) by exE 1, 3-7"
        )
    assert NaturalDeduction().check(Theorem(statement), proof).proved
    assert valid(statement) is False
