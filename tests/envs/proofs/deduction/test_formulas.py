"""Are formulas read as they are written, equal up to the names of bound variables, and is nothing ever captured?"""

from __future__ import annotations

import random

import pytest

from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS, Vocabulary
from syllogym.envs.proofs.deduction.formulas import Expr, abstracted, instance, instantiates, rewrites, written
from syllogym.envs.proofs.deduction.reading import DEEPEST, NotAFormula, read, read_sequent


def formula(text: str) -> Expr:
    return read(text).formula


@pytest.mark.parametrize("logic", LOGICS)
def test_what_is_written_is_read_as_it_was(logic: str) -> None:
    words = Vocabulary(random.Random(3), logic)
    for size in range(400):
        drawn = words.formula(size % 9)
        assert formula(written(drawn)) == drawn


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("p -> q -> r", "p -> (q -> r)"),
        ("p /\\ q \\/ r", "(p /\\ q) \\/ r"),
        ("p \\/ q \\/ r", "(p \\/ q) \\/ r"),
        ("~p /\\ q", "(~p) /\\ q"),
        ("p <-> q -> r", "p <-> (q -> r)"),
        ("forall x. P(x) -> q", "forall x. (P(x) -> q)"),
        ("forall x P(x) -> q", "(forall x. P(x)) -> q"),
        ("p -> q ⊕ r", "p -> ~(q <-> r)"),
        ("a != b", "~(a = b)"),
        ("not p and q or r => s", "((~p /\\ q) \\/ r) -> s"),
        ("forall x. exists x. P(x)", "forall y. exists z. P(z)"),
    ],
)
def test_signs_bind_as_they_should(text: str, meaning: str) -> None:
    assert formula(text) == formula(meaning)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1), ("p q", 3), ("(p", 3), ("p -> ", 6), ("p <-> q <-> r", 9), ("P(a,)", 5),
        ("forall x. x", 11), ("let", 1), ("p ; q", 3), ("forall. p", 7),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_its_column(text: str, column: int) -> None:
    with pytest.raises(NotAFormula) as refused:
        read(text)
    assert refused.value.column == column


@pytest.mark.parametrize("open_, close", [("(", ")"), ("~", ""), ("P(", ")"), ("forall x. ", ""), ("p -> ", "")])
def test_depth_is_bounded(open_: str, close: str) -> None:
    inner = "a" if open_ == "P(" else "p"
    assert read(open_ * (DEEPEST // 3) + inner + close * (DEEPEST // 3))
    with pytest.raises(NotAFormula, match="at most"):
        read(open_ * (DEEPEST + 1) + inner + close * (DEEPEST + 1))


def test_names_of_bound_variables_do_not_matter() -> None:
    assert formula("forall x. exists y. R(x, y)") == formula("forall y. exists x. R(y, x)")


def test_a_term_put_in_a_variables_place_is_not_captured() -> None:
    body = formula("forall x. exists y. R(x, y)").parts[0]
    assert written(instance(body, Expr("y"))) == "exists x. R(y, x)"
    assert not instantiates(body, formula("exists y. R(y, y)"))
    assert not instantiates(body, formula("exists y. R(f(y), y)"))


def test_a_constant_is_made_a_variable_at_all_its_places() -> None:
    assert (
        abstracted(formula("forall x. R(x, a) /\\ P(a)"), "a")
        == formula("forall z. forall x. R(x, z) /\\ P(z)").parts[0]
    )


def test_equals_may_be_put_at_some_places() -> None:
    left, right = Expr("a"), Expr("b")
    assert rewrites(formula("R(a, a)"), formula("R(a, b)"), left, right)
    assert not rewrites(formula("R(a, b)"), formula("R(b, c)"), left, right)


def test_names_of_things_are_told_from_those_of_predicates_and_variables() -> None:
    assert read("forall x. P(x, f(a)) /\\ q /\\ b = x").constants == {"a", "b"}


def test_a_sequent_has_premises_and_a_conclusion() -> None:
    premises, conclusion = read_sequent("P(a, b), p -> q |- q")
    assert [written(premise.formula) for premise in premises] == ["P(a, b)", "p -> q"]
    assert written(conclusion.formula) == "q"
    assert read_sequent("|- p") == read_sequent("p")
