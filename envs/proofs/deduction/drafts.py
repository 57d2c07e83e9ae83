"""How is a random proof built? From its conclusion upwards; what it rests on, in the end, becomes its premises.

Of each formula that is to be shown, the proof either introduces its connective, or eliminates another's from a formula
that is invented for it; at the leaves stand assumptions and, where there is none that fits, new premises.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from syllogym.envs.proofs.deduction.drawn_formulas import THINGS, Vocabulary
from syllogym.envs.proofs.deduction.formulas import (
    ALL,
    AND,
    BOTTOM,
    EQ,
    EX,
    FALSE,
    IFF,
    IMP,
    NOT,
    OR,
    Expr,
    abstracted,
    instance,
    negated,
)  # fmt: skip

Place = int | tuple[int, int]
"""A line of the proof from 0, a premise as -1, -2, ..., or a box by its first and last line."""

_NOT_SHOWN = ("assume", "let", "reit")


class Draft:
    """A proof that is being built. Refs are places as in `Place`."""

    def __init__(self, rng: random.Random, words: Vocabulary) -> None:
        self.rng, self.words = rng, words
        self.premises: dict[Expr, int] = {}
        self.assumed: dict[Expr, int] = {}
        self.steps: list[tuple[int, Expr | str, str, tuple[Place, ...]]] = []
        self.bars = 0
        self.names: list[str] = []

    def worth_asking(self, goal: Expr) -> bool:
        """Say whether no premise is the goal or false, or is shown again from others."""
        again = any(said in self.premises for _, said, rule, _ in self.steps if rule not in _NOT_SHOWN)
        return goal not in self.premises and BOTTOM not in self.premises and not again and len(self.premises) <= 6

    # What a proof is made of.

    def line(self, formula: Expr | str, rule: str, *cites: Place) -> int:
        self.steps.append((self.bars, formula, rule, cites))
        return len(self.steps) - 1

    def box(self, assumption: Expr | None, goal: Expr, size: int, name: str = "") -> tuple[int, int]:
        """Prove a goal in a box of its own."""
        self.bars += 1
        before = self.assumed
        if assumption is None:
            first = self.line(f"let {name}", "let")
        else:
            first = self.line(assumption, f"let {name}" if name else "assume")
            self.assumed = {**before, assumption: first}
        if name:
            self.names.append(name)
        last = self.prove(goal, size)
        if last != len(self.steps) - 1:
            last = self.line(goal, "reit", last)
        if name:
            self.names.pop()
        self.bars -= 1
        self.assumed = before
        return first, last

    def leaf(self, goal: Expr) -> int:
        """Return where a goal stands: an assumption, or a premise, made general where it speaks of a box's thing."""
        if goal in self.assumed:
            return self.assumed[goal]
        general, names = goal, [name for name in self.names if _speaks_of(goal, name)]
        for name in names:
            general = Expr(ALL, (abstracted(general, name),))
        place = self.premises.setdefault(general, -1 - len(self.premises))
        for name in reversed(names):
            general = instance(general.parts[0], Expr(name))
            place = self.line(general, "allE", place)
        return place

    def fresh(self) -> str:
        used = sum(rule.startswith("let") for _, _, rule, _ in self.steps)
        return "cdefgh"[used] if used < 6 else f"c{used}"

    def aside(self) -> Expr:
        """Return a formula to go by: an assumption, or a small new one."""
        if self.assumed and self.rng.random() < 0.7:
            return self.rng.choice(list(self.assumed))
        return self.words.formula(self.rng.choice((0, 0, 1)), (*THINGS, *map(Expr, self.names)))

    # How a goal is shown.

    def prove(self, goal: Expr, size: int) -> int:
        """Show a goal in about `size` lines; return where it stands."""
        if goal in self.assumed or size <= 0:
            return self.leaf(goal)
        introduce = self.rng.random() < 0.65 and _INTRODUCTIONS.get(goal.head)
        return introduce(self, goal, size - 1) if introduce else self.eliminate(goal, size)

    def eliminate(self, goal: Expr, size: int) -> int:
        """Show a goal from an invented formula that holds it."""
        if size <= 0:
            return self.leaf(goal)
        ways = [_by_imp, _by_imp, _by_and, _by_iff]
        if size > 3:
            ways += [_by_or, _by_contradiction] if goal != BOTTOM else [_by_or]
        if goal == BOTTOM:
            ways = [_by_not] * 3 + ways[:2]
        elif size > 2 and self.assumed:
            ways.append(_by_false)
        if self.words.first_order:
            ways += [_by_all, _by_all] + [_by_ex, _by_ex] * (size > 2)
        if self.words.equality:
            ways += [_by_eq, _by_eq]
        return self.rng.choice(ways)(self, goal, size - 1)


def _speaks_of(formula: Expr, name: str) -> bool:
    return (not formula.parts and formula.head == name) or any(_speaks_of(part, name) for part in formula.parts)


def _intro_and(draft: Draft, goal: Expr, size: int) -> int:
    left = draft.prove(goal.parts[0], size // 2)
    return draft.line(goal, "andI", left, draft.prove(goal.parts[1], size - size // 2))


def _intro_or(draft: Draft, goal: Expr, size: int) -> int:
    return draft.line(goal, "orI", draft.prove(draft.rng.choice(goal.parts), size))


def _intro_imp(draft: Draft, goal: Expr, size: int) -> int:
    return draft.line(goal, "impI", draft.box(goal.parts[0], goal.parts[1], size - 1))


def _intro_iff(draft: Draft, goal: Expr, size: int) -> int:
    left, right = goal.parts
    there = draft.box(left, right, size // 2 - 1)
    return draft.line(goal, "iffI", there, draft.box(right, left, size // 2 - 1))


def _intro_not(draft: Draft, goal: Expr, size: int) -> int:
    return draft.line(goal, "notI", draft.box(goal.parts[0], BOTTOM, size - 1))


def _intro_all(draft: Draft, goal: Expr, size: int) -> int:
    name = draft.fresh()
    return draft.line(goal, "allI", draft.box(None, instance(goal.parts[0], Expr(name)), size - 1, name))


def _intro_ex(draft: Draft, goal: Expr, size: int) -> int:
    thing = draft.rng.choice((*THINGS, *map(Expr, draft.names)))
    return draft.line(goal, "exI", draft.prove(instance(goal.parts[0], thing), size))


def _intro_eq(draft: Draft, goal: Expr, size: int) -> int:
    if goal.parts[0] == goal.parts[1]:
        return draft.line(goal, "eqI")
    return draft.eliminate(goal, size + 1)


_INTRODUCTIONS: dict[str, Callable[[Draft, Expr, int], int]] = {
    AND: _intro_and, OR: _intro_or, IMP: _intro_imp, IFF: _intro_iff, NOT: _intro_not,
    ALL: _intro_all, EX: _intro_ex, EQ: _intro_eq,
}  # fmt: skip


def _by_imp(draft: Draft, goal: Expr, size: int) -> int:
    condition = draft.aside()
    if condition == goal:
        return draft.leaf(goal)
    rule = draft.eliminate(Expr(IMP, (condition, goal)), size // 2 - draft.rng.randint(0, 2))
    return draft.line(goal, "impE", rule, draft.prove(condition, size - size // 2))


def _by_iff(draft: Draft, goal: Expr, size: int) -> int:
    other = draft.aside()
    if other == goal:
        return draft.leaf(goal)
    sides = (other, goal) if draft.rng.random() < 0.5 else (goal, other)
    both = draft.eliminate(Expr(IFF, sides), size // 2 - draft.rng.randint(0, 2))
    return draft.line(goal, "iffE", both, draft.prove(other, size - size // 2))


def _by_and(draft: Draft, goal: Expr, size: int) -> int:
    other = draft.words.formula(0)
    sides = (other, goal) if draft.rng.random() < 0.5 else (goal, other)
    return draft.line(goal, "andE", draft.eliminate(Expr(AND, sides), size))


def _by_or(draft: Draft, goal: Expr, size: int) -> int:
    left, right = draft.aside(), draft.words.formula(0)
    either = draft.leaf(Expr(OR, (left, right))) if size < 6 else draft.eliminate(Expr(OR, (left, right)), size // 3)
    first = draft.box(left, goal, size // 2 - 1)
    return draft.line(goal, "orE", either, first, draft.box(right, goal, size // 2 - 1))


def _by_contradiction(draft: Draft, goal: Expr, size: int) -> int:
    return draft.line(goal, "raa", draft.box(negated(goal), BOTTOM, size - 1))


def _by_not(draft: Draft, goal: Expr, size: int) -> int:
    """Contradict an assumption, if there is one."""
    one = draft.aside()
    if one.head == NOT:
        return draft.line(BOTTOM, "notE", draft.leaf(one), draft.prove(one.parts[0], size))
    fact = draft.prove(one, size // 2)
    return draft.line(BOTTOM, "notE", fact, draft.eliminate(negated(one), size - size // 2))


def _by_false(draft: Draft, goal: Expr, size: int) -> int:
    return draft.line(goal, "falseE", _by_not(draft, Expr(FALSE), size - 1))


def _by_all(draft: Draft, goal: Expr, size: int) -> int:
    thing = draft.rng.choice((*THINGS, *map(Expr, draft.names)))
    if not _speaks_of(goal, thing.head):
        return _by_imp(draft, goal, size)
    return draft.line(goal, "allE", draft.eliminate(Expr(ALL, (abstracted(goal, thing.head),)), size))


def _by_ex(draft: Draft, goal: Expr, size: int) -> int:
    name = draft.fresh()
    known = draft.words.formula(0, (*THINGS, Expr(name)))
    some = draft.leaf(Expr(EX, (abstracted(known, name),)))
    return draft.line(goal, "exE", some, draft.box(known, goal, size - 1, name))


def _by_eq(draft: Draft, goal: Expr, size: int) -> int:
    """Show the same of another thing, and that the two are one."""
    things = (*THINGS, *map(Expr, draft.names))
    thing, other = draft.rng.sample(things, 2)
    if not _speaks_of(goal, thing.head):
        return _by_imp(draft, goal, size)
    equation = draft.leaf(Expr(EQ, (other, thing) if draft.rng.random() < 0.5 else (thing, other)))
    return draft.line(goal, "eqE", equation, draft.prove(instance(abstracted(goal, thing.head), other), size))
