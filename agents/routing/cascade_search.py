"""Which models in which order, and when is a reply good enough? FrugalGPT's search (arXiv 2305.05176) on a table.

Every chain of a few models is tried with every combination of thresholds, which are quantiles of the scores; what is
kept is what nothing cheaper equals. All rows and thresholds of a chain are computed at once by matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syllogym.agents.routing.cascade import Cascade
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, check_range


@dataclass(frozen=True)
class Planned:
    """A cascade with its mean quality and dollars a question where it was found."""

    cascade: Cascade
    quality: float
    cost: float


def frontier(
    table: RoutingTable, scores: Array, *, longest: int = 3, levels: int = 8, checking: float = 0.0, among: int = 12
) -> list[Planned]:
    """Return the cascades that nothing cheaper equals, from cheap to dear.

    Args:
        table, scores: to search on; scores (N, M) of the replies.
        longest: models in a chain, at most. levels: thresholds of a model that are tried.
        checking: dollars that judging one reply costs.
        among: models that chains are made of: where there are more, those that are nearest to the best for their price.
    """
    check_range("longest", longest, 1, 5)
    check_range("levels", levels, 1, 100)
    if scores.shape != table.quality.shape:
        raise UserError(f"{table.name} has {table.quality.shape} replies, and there are {scores.shape} scores.")
    columns = _promising(table, among)
    search = _Search(table.quality[:, columns], table.cost[:, columns], scores[:, columns], levels, checking)
    search.extend((), np.ones((1, len(table))), np.zeros((1, 1)), np.zeros((1, 1)), ((),), longest)
    names = [table.models[column] for column in columns]
    return [
        Planned(Cascade(tuple(names[model] for model in chain), thresholds), quality, cost)
        for quality, cost, chain, thresholds in undominated(search.found)
    ]


def within(planned: Sequence[Planned], budget: float) -> Planned:
    """Return the best of these for at most `budget` dollars a question. Raises UserError where none is so cheap."""
    affordable = [one for one in planned if one.cost <= budget]
    if not affordable:
        least = min((one.cost for one in planned), default=0.0)
        raise UserError(f"A budget of {budget:.3g} dollars a question is below the cheapest cascade, {least:.3g}.")
    return max(affordable, key=lambda one: (one.quality, -one.cost))


def undominated(found: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return, from cheap to dear, those (quality, cost, ...) which are better than all that cost no more."""
    kept: list[tuple[Any, ...]] = []
    for one in sorted(found, key=lambda entry: (entry[1], -entry[0])):
        if not kept or one[0] > kept[-1][0]:
            kept.append(one)
    return kept


def _promising(table: RoutingTable, among: int) -> list[int]:
    """Return columns, those first that lack least quality to the best model of no higher cost."""
    quality, cost = table.quality.mean(axis=0), table.cost.mean(axis=0)
    lacks = [float(quality[cost <= own].max() - quality[at]) for at, own in enumerate(cost)]
    return sorted(sorted(range(len(lacks)), key=lambda at: lacks[at])[:among])


class _Search:
    """Chains over models 0..M-1, grown one model at a time."""

    def __init__(self, quality: Array, cost: Array, scores: Array, levels: int, checking: float) -> None:
        self.quality, self.cost, self.checking = quality, cost, checking
        quantiles = np.linspace(0, 1, levels + 2)[1:-1]
        self.thresholds = [np.unique(np.quantile(column, quantiles, method="higher")) for column in scores.T]
        pairs = zip(scores.T, self.thresholds, strict=True)
        self.refused = [(column < tried[:, None]).astype(np.float64) for column, tried in pairs]
        self.found: list[tuple[float, float, tuple[int, ...], tuple[float, ...]]] = []

    def extend(
        self,
        chain: tuple[int, ...],
        going: Array,
        quality: Array,
        cost: Array,
        thresholds: tuple[tuple[float, ...], ...],
        more: int,
    ) -> None:
        """Try every further model.

        `going` (P, N) is who still waits for a reply under each of P combinations of thresholds; `quality` and `cost`
        (P, 1) are sums over the others, and what was spent.
        """
        rows, models = self.quality.shape
        paid = cost + going @ self.cost
        ends, means = ((quality + going @ self.quality) / rows).tolist(), (paid / rows).tolist()
        here = [
            (ends[at][model], means[at][model], (*chain, model), thresholds[at])
            for at in range(len(going))
            for model in range(models)
            if model not in chain
        ]
        self.found = undominated([*self.found, *here])
        if more == 1:
            return
        for model in set(range(models)) - set(chain):
            refused = self.refused[model]
            taken = (going * self.quality[:, model]) @ (1 - refused).T
            self.extend(
                (*chain, model),
                (going[:, None] * refused[None]).reshape(-1, rows),
                (quality + taken).reshape(-1, 1),
                np.repeat(paid[:, model] + self.checking * going.sum(axis=1), len(refused))[:, None],
                tuple((*before, float(now)) for before in thresholds for now in self.thresholds[model]),
                more - 1,
            )
