"""Can an episode afford another call? A purse that lets no call begin which might exceed it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import ExpertPool, Question
from syllogym.envs.routing.table_pool import TablePool
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError

DUST = 1e-12
"""Dollars that sums of costs may be off."""


class Purse:
    """What an episode spent, of what it may spend.

    Args:
        budget: dollars; None for no bound. max_tokens: of a reply; None where nobody bounds them.

    Attributes:
        spent: so far. refused: calls that were not made, for want of money.
    """

    def __init__(self, budget: float | None = None, max_tokens: int | None = None) -> None:
        if budget is not None and not (isfinite(budget) and budget >= 0):
            raise UserError(f"budget: dollars an episode may spend, 0 or more; it is {budget!r}.")
        if max_tokens is not None and max_tokens < 1:
            raise UserError(f"max_tokens: of an expert's reply, at least 1; it is {max_tokens!r}.")
        self.budget, self.max_tokens = budget, max_tokens
        self.spent = NOTHING
        self.refused = 0
        self._held = 0.0

    def affords(self, pool: ExpertPool, model: str, question: Question) -> bool:
        """Say whether a call surely fits beside those under way, and hold the most it can cost; else count it."""
        if self.budget is None:
            return True
        most = most_dollars(pool, model, question, self.max_tokens)
        if self.spent.money + self._held + most > self.budget + DUST:
            self.refused += 1
            return False
        self._held += most
        return True

    def spend(self, usage: Usage) -> None:
        """Book what calls used that were under way; nothing is held for calls any more."""
        self.spent += usage
        self._held = 0.0


def paid_by(way: str, weight: float, gated: bool, budget: float | None, scale: Sequence[float] | None) -> Pay:
    """Return how an episode is paid; without a scale everything counts as dear as anything else."""
    low, high = (0.0, 0.0) if scale is None else scale
    return Pay(way, weight, gated, budget, (low, high))


def most_dollars(pool: ExpertPool, model: str, question: Question, max_tokens: int | None) -> float:
    """Return the most that a call can cost. Raises UserError where nobody can know.

    A pool whose costs are written down says it (``expected``, or its table); of any other the card does, a token for
    each byte in.
    """
    if isinstance(pool, TablePool):
        return float(pool.table.cost[question.row, pool.table.column(model)])
    expected = getattr(pool, "expected", None)
    if expected is not None:
        return float(expected(model, question)[1])
    if max_tokens is None:
        raise UserError("budget: it can only be kept where max_tokens says how long an expert's reply may be.")
    card = next(card for card in pool.cards if card.name == model)
    return card.cost(len(question.text.encode()), max_tokens)
