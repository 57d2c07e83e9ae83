"""Which formulas do drawn theorems speak of? Small random ones, propositional or of first order."""

from __future__ import annotations

import random
from collections.abc import Sequence

from syllogym.envs.proofs.deduction.formulas import ALL, AND, EQ, EX, IFF, IMP, NOT, OR, Expr, abstracted, negated
from syllogym.errors import check_choice

LOGICS = ("propositional", "first-order", "equality")
"""What theorems may speak of; each holds the ones before it."""

_PROPOSITIONS = tuple(map(Expr, "pqrst"))
_CONNECTIVES = (IMP, IMP, AND, AND, OR, OR, IFF, NOT)
THINGS = tuple(map(Expr, "ab"))
"""Constants that theorems speak of."""


class Vocabulary:
    """Draws formulas of one logic.

    Args:
        rng: the only chance. logic: one of `LOGICS`.
    """

    def __init__(self, rng: random.Random, logic: str) -> None:
        check_choice("The logic", logic, LOGICS)
        self.rng = rng
        self.first_order = logic != "propositional"
        self.equality = logic == "equality"

    def formula(self, connectives: int, things: Sequence[Expr] = THINGS) -> Expr:
        """Return a formula with so many connectives and quantifiers, about some things."""
        rng = self.rng
        if connectives <= 0:
            return self.atom(things)
        if self.first_order and rng.random() < 0.4:
            body = abstracted(self.formula(connectives - 1, (*things, Expr("_"))), "_")
            return Expr(rng.choice((ALL, EX)), (body,))
        head = rng.choice(_CONNECTIVES)
        if head == NOT:
            return negated(self.formula(connectives - 1, things))
        left = rng.randint(0, connectives - 1)
        return Expr(head, (self.formula(left, things), self.formula(connectives - 1 - left, things)))

    def atom(self, things: Sequence[Expr]) -> Expr:
        """Return a formula without connectives; of those about `things`, one about the last (newest) more often."""
        rng = self.rng
        if not self.first_order:
            return rng.choice(_PROPOSITIONS)
        one = things[-1] if rng.random() < 0.5 else rng.choice(things)
        if self.equality and rng.random() < 0.2:
            return Expr(EQ, (one, rng.choice(things)))
        if rng.random() < 0.25:
            return Expr("R", (one, rng.choice(things)))
        return Expr(rng.choice("PQS"), (one,))
