"""Is one router better than another? Paired on the same questions, with intervals over questions or families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError
from syllogym.scenarios.analysis.bootstrap import Estimate, interval, resampled
from syllogym.scenarios.analysis.mcnemar import mcnemar
from syllogym.scenarios.routing.decided import Decided
from syllogym.scenarios.routing.frontier import Floats

ENOUGH_FAMILIES = 8
"""Fewer families than these say little about others; then questions are drawn one by one."""


@dataclass(frozen=True)
class Paired:
    """Two routers on the same questions; all differences are first minus second.

    Attributes:
        first, second: their names. quality, cost: mean differences, cost in dollars a question.
        wins, losses, ties: questions on which the first was better, worse, and as good.
        chance: McNemar's two-sided p-value; None where quality is graded.
        families_won, families_lost: task families whose mean quality is above, and below.
        families: how many families were drawn for the intervals; 0 where questions were.
    """

    first: str
    second: str
    quality: Estimate
    cost: Estimate
    wins: int
    losses: int
    ties: int
    chance: float | None
    families_won: int
    families_lost: int
    families: int


def families_of(table: RoutingTable, cluster: bool | None = None) -> tuple[str, ...] | None:
    """Return the families that are to be drawn whole, or None where questions are to be drawn.

    Args:
        cluster: whether families are drawn; None: where there are enough of them.
    """
    enough = len(set(table.families)) >= ENOUGH_FAMILIES
    return table.families if (enough if cluster is None else cluster) else None


def binary(quality: Floats) -> bool:
    """Tell whether everything is right or wrong, and nothing in between."""
    return bool(np.isin(quality, (0.0, 1.0)).all())


def compare(
    first: Decided, second: Decided, *, cluster: bool | None = None, draws: int = 10_000, seed: int = 0
) -> Paired:
    """Compare two routers, or two settings of one.

    Raises:
        UserError: they did not answer the same questions.
    """
    if first.table.questions != second.table.questions:
        raise UserError(f"{first.name} and {second.name} answered different questions; nothing can be paired.")
    better, dearer = first.quality - second.quality, first.cost - second.cost
    families = families_of(first.table, cluster)
    drawn = resampled(np.column_stack([better, dearer]), np.random.default_rng(seed), families, draws)
    wins, losses = int((better > 0).sum()), int((better < 0).sum())
    names, at = np.unique(np.asarray(first.table.families), return_inverse=True)
    by_family = np.bincount(at, better, minlength=len(names))
    graded = not (binary(first.quality) and binary(second.quality))
    return Paired(
        first.name,
        second.name,
        interval(better.mean(), drawn[:, 0]),
        interval(dearer.mean(), drawn[:, 1]),
        wins,
        losses,
        len(better) - wins - losses,
        None if graded else mcnemar(wins, losses),
        int((by_family > 1e-12).sum()),
        int((by_family < -1e-12).sum()),
        0 if families is None else len(names),
    )
