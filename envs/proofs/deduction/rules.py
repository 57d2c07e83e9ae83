"""Which conclusions may be drawn from which lines and boxes? Classical natural deduction with equality."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from syllogym.envs.proofs.deduction.formulas import (
    ALL,
    AND,
    BOTTOM,
    EQ,
    EX,
    IFF,
    IMP,
    NOT,
    OR,
    Expr,
    instance,
    instantiates,
    negated,
    rewrites,
)  # fmt: skip


class Fact(NamedTuple):
    """A formula that holds in a line, with the names that stand in it for things."""

    formula: Expr
    constants: frozenset[str]


class Box(NamedTuple):
    """A finished subproof: what was assumed (None where a thing is only named), the new name, and what was shown."""

    assumed: Expr | None
    name: str
    shown: Expr


class Rule(NamedTuple):
    """What it cites (``l`` a line, ``b`` a box), whether it gives a fact from them, and how it reads."""

    cites: str
    gives: Callable[..., bool]
    reading: str


def _and_intro(said: Fact, left: Fact, right: Fact) -> bool:
    return said.formula == Expr(AND, (left.formula, right.formula))


def _and_elim(said: Fact, both: Fact) -> bool:
    return both.formula.head == AND and said.formula in both.formula.parts


def _or_intro(said: Fact, one: Fact) -> bool:
    return said.formula.head == OR and one.formula in said.formula.parts


def _or_elim(said: Fact, either: Fact, first: Box, second: Box) -> bool:
    return (
        either.formula.head == OR
        and either.formula.parts == (first.assumed, second.assumed)
        and first.shown == second.shown == said.formula
        and not first.name
        and not second.name
    )


def _imp_intro(said: Fact, box: Box) -> bool:
    return not box.name and said.formula.head == IMP and said.formula.parts == (box.assumed, box.shown)


def _imp_elim(said: Fact, one: Fact, other: Fact) -> bool:
    """Take the two in any order, as all rules do that cite an implication, an equation, or a contradiction."""
    return (one.formula.head == IMP and one.formula.parts == (other.formula, said.formula)) or (
        other.formula.head == IMP and other.formula.parts == (one.formula, said.formula)
    )


def _iff_intro(said: Fact, there: Box, back: Box) -> bool:
    return (
        said.formula.head == IFF
        and said.formula.parts == (there.assumed, there.shown) == (back.shown, back.assumed)
        and not there.name
        and not back.name
    )


def _iff_elim(said: Fact, one: Fact, other: Fact) -> bool:
    for both, side in ((one.formula, other.formula), (other.formula, one.formula)):
        if both.head == IFF and both.parts in ((side, said.formula), (said.formula, side)):
            return True
    return False


def _not_intro(said: Fact, box: Box) -> bool:
    return not box.name and box.shown == BOTTOM and said.formula.head == NOT and said.formula.parts == (box.assumed,)


def _not_elim(said: Fact, one: Fact, other: Fact) -> bool:
    return said.formula == BOTTOM and (one.formula == negated(other.formula) or other.formula == negated(one.formula))


def _by_contradiction(said: Fact, box: Box) -> bool:
    return not box.name and box.shown == BOTTOM and box.assumed == negated(said.formula)


def _all_intro(said: Fact, box: Box) -> bool:
    return (
        bool(box.name)
        and box.assumed is None
        and said.formula.head == ALL
        and box.name not in said.constants
        and instance(said.formula.parts[0], Expr(box.name)) == box.shown
    )


def _all_elim(said: Fact, every: Fact) -> bool:
    return every.formula.head == ALL and instantiates(every.formula.parts[0], said.formula)


def _ex_intro(said: Fact, one: Fact) -> bool:
    return said.formula.head == EX and instantiates(said.formula.parts[0], one.formula)


def _ex_elim(said: Fact, some: Fact, box: Box) -> bool:
    # That the name is new where the box begins does not keep it out of lines behind the box, as `some` may be.
    return (
        some.formula.head == EX
        and bool(box.name)
        and box.name not in some.constants
        and box.name not in said.constants
        and box.assumed == instance(some.formula.parts[0], Expr(box.name))
        and box.shown == said.formula
    )


def _eq_elim(said: Fact, one: Fact, other: Fact) -> bool:
    for equation, fact in ((one.formula, other.formula), (other.formula, one.formula)):
        if equation.head == EQ:
            left, right = equation.parts
            if rewrites(fact, said.formula, left, right) or rewrites(fact, said.formula, right, left):
                return True
    return False


RULES = {
    "reit": Rule("l", lambda said, line: said.formula == line.formula, "A gives A"),
    "andI": Rule("ll", _and_intro, "A, B give A /\\ B"),
    "andE": Rule("l", _and_elim, "A /\\ B gives A, and B"),
    "orI": Rule("l", _or_intro, "A gives A \\/ B, and B \\/ A"),
    "orE": Rule("lbb", _or_elim, "A \\/ B, a box from A to C, a box from B to C give C"),
    "impI": Rule("b", _imp_intro, "a box from A to B gives A -> B"),
    "impE": Rule("ll", _imp_elim, "A -> B, A give B"),
    "iffI": Rule("bb", _iff_intro, "a box from A to B, a box from B to A give A <-> B"),
    "iffE": Rule("ll", _iff_elim, "A <-> B, A give B; A <-> B, B give A"),
    "notI": Rule("b", _not_intro, "a box from A to false gives ~A"),
    "notE": Rule("ll", _not_elim, "A, ~A give false"),
    "falseE": Rule("l", lambda said, line: line.formula == BOTTOM, "false gives A"),
    "raa": Rule("b", _by_contradiction, "a box from ~A to false gives A"),
    "allI": Rule("b", _all_intro, "a box that begins with `let c` and ends with A(c) gives forall x. A(x)"),
    "allE": Rule("l", _all_elim, "forall x. A(x) gives A(t)"),
    "exI": Rule("l", _ex_intro, "A(t) gives exists x. A(x)"),
    "exE": Rule("lb", _ex_elim, "exists x. A(x), a box from `A(c) by let c` to B, without c, give B"),
    "eqI": Rule("", lambda said: said.formula.head == EQ and len(set(said.formula.parts)) == 1, "t = t"),
    "eqE": Rule("ll", _eq_elim, "s = t, A give A with t for s, or s for t, where you like"),
}
"""Every rule by its name."""


def rules_shown() -> str:
    """Return the rules as text, a line each."""
    return "\n".join(f"{name}: {rule.reading}" for name, rule in RULES.items())
