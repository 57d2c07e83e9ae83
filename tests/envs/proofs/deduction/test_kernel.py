"""Is each rule right, is each cheat refused, and does a mistake get its sentence, its line and its column?"""

from __future__ import annotations

import time

import pytest

from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.deduction.rules import RULES
from syllogym.envs.proofs.prover import ProofVerdict, Theorem, WrongStep
from syllogym.errors import UserError
from tests.envs.proofs.deduction.cheats import CHEATS

RIGHT = {
    "reit": ("p |- q -> p", "2. | q by assume\n3. | p by reit 1\n4. q -> p by impI 2-3"),
    "andI": ("p, q |- q /\\ p", "3. q /\\ p by andI 2, 1"),
    "andE": ("p /\\ q |- q", "2. q by andE 1"),
    "orI": ("p |- q \\/ p", "2. q \\/ p by orI 1"),
    "orE": (
        "p \\/ q |- q \\/ p",
        "2. | p by assume\n3. | q \\/ p by orI 2\n4. | q by assume\n5. | q \\/ p by orI 4\n"
        "6. q \\/ p by orE 1, 2-3, 4-5",
    ),
    "impI": ("|- p -> p", "1. | p by assume\n2. p -> p by impI 1-1"),
    "impE": ("p, p -> q |- q", "3. q by impE 1, 2"),
    "iffI": ("|- p <-> p", "1. | p by assume\n2. | p by assume\n3. p <-> p by iffI 1-1, 2-2"),
    "iffE": ("p <-> q, q |- p", "3. p by iffE 1, 2"),
    "notI": ("p -> false |- ~p", "2. | p by assume\n3. | false by impE 1, 2\n4. ~p by notI 2-3"),
    "notE": ("p, ~p |- false", "3. false by notE 1, 2"),
    "falseE": ("false |- p", "2. p by falseE 1"),
    "raa": ("~~p |- p", "2. | ~p by assume\n3. | false by notE 1, 2\n4. p by raa 2-3"),
    "allI": (
        "forall x. P(x) |- forall y. P(y) \\/ q",
        "2. | let c\n3. | P(c) by allE 1\n4. | P(c) \\/ q by orI 3\n5. forall z. P(z) \\/ q by allI 2-4",
    ),
    "allE": ("forall x. exists y. R(x, y) |- exists z. R(f(a), z)", "2. exists y. R(f(a), y) by allE 1"),
    "exI": ("R(a, a) |- exists x. R(x, a)", "2. exists x. R(x, a) by exI 1"),
    "exE": (
        "exists x. P(x) |- exists y. P(y) \\/ q",
        "2. | P(c) by let c\n3. | P(c) \\/ q by orI 2\n4. | exists x. P(x) \\/ q by exI 3\n"
        "5. exists x. P(x) \\/ q by exE 1, 2-4",
    ),
    "eqI": ("|- forall x. x = x", "1. | let c\n2. | c = c by eqI\n3. forall x. x = x by allI 1-2"),
    "eqE": ("a = b, R(a, a) |- R(a, b)", "3. R(a, b) by eqE 1, 2"),
}

IN_SIGNS = (
    "∀x (P(x) → Q(x)), ∃x P(x) ⊢ ∃y Q(y)",
    "3. | P(c) by let c\n4. | P(c) → Q(c) by ∀E 1\n\n5. | Q(c) by →E 4, 3\n"
    "6. | ∃y Q(y) by ∃I 5\n7. ∃y Q(y) by ∃E 2, 3-6",
)


def check(statement: str, proof: str) -> ProofVerdict:
    return NaturalDeduction().check(Theorem(statement), proof)


def test_each_rule_has_a_proof_here() -> None:
    assert set(RIGHT) == set(RULES)


@pytest.mark.parametrize("rule", RIGHT)
def test_a_right_use_of_the_rule_is_taken(rule: str) -> None:
    assert check(*RIGHT[rule]).message == ""
    assert check(*RIGHT[rule]).proved


def test_logicians_signs_are_read() -> None:
    assert check(*IN_SIGNS).proved


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_refused_in_good_time(cheat: str) -> None:
    begun = time.process_time()
    verdict = check(*CHEATS[cheat])
    assert not verdict.proved
    assert verdict.message
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    ("proof", "line", "column", "word"),
    [
        ("2. p by reit 1\n\n3. q -> by reit 1", 3, 8, "missing"),
        ("2. p by reit 1\n3. p # q by reit 1", 2, 6, "'#'"),
        ("2. | p by assume\n3. q by impE 1, 2", 2, None, "closed"),
        ("2. p by reit 1", 1, None, "should be q"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(proof: str, line: int, column: int | None, word: str) -> None:
    verdict = check("p |- q", proof)
    assert (verdict.line, verdict.column) == (line, column)
    assert word in verdict.message


def test_right_lines_before_the_first_wrong_one_are_counted() -> None:
    assert check("p |- q", "2. p by reit 1\n3. p by reit 2\n4. q by reit 3\n5. p by reit 1").valid_steps == 2


def test_a_state_can_be_gone_on_from_more_than_once() -> None:
    kernel = NaturalDeduction()
    state = kernel.open(Theorem("p /\\ q |- q"))
    other = kernel.apply(state, "2. p by andE 1")
    assert kernel.apply(state, "2. q by andE 1").goals == ()
    assert (state.goals, other.goals, other.steps) == (("q",), ("q",), ("2. p by andE 1",))


def test_a_wrong_step_leaves_the_state_and_says_why() -> None:
    kernel = NaturalDeduction()
    with pytest.raises(WrongStep, match="andE does not give this"):
        kernel.apply(kernel.open(Theorem("p /\\ q |- q")), "2. r by andE 1")


def test_a_theorem_that_cannot_be_read_is_the_askers_mistake() -> None:
    with pytest.raises(UserError, match="cannot be read: a formula should stand here"):
        NaturalDeduction().open(Theorem("p -> |- q"))
