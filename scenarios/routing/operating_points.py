"""What does a router do for a given budget? Its settings, sorted by cost, and a coin between two of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from syllogym.scenarios.routing.decided import Decided
from syllogym.scenarios.routing.frontier import Floats


def by_cost(points: Sequence[Decided]) -> list[Decided]:
    """Return a router's operating points, the cheapest first; those that decide alike are kept once."""
    kept: dict[bytes, Decided] = {}
    for point in points:
        kept.setdefault(point.asked.tobytes() + point.quality.tobytes() + point.cost.tobytes(), point)
    return sorted(kept.values(), key=lambda point: float(point.cost.mean()))


def within(points: Sequence[Decided], budget: float) -> tuple[Floats, Floats] | None:
    """Return quality and cost of each question, (N,) each, where a router may spend so much a question on average.

    The two settings whose costs lie around the budget are mixed by a coin, so that the budget is spent. Costs alone
    choose them, never the quality on the questions that are judged, so that the mean is an honest one. Beyond the
    dearest setting that one is taken; None: even the cheapest costs more.

    Args:
        points: sorted by cost. budget: dollars a question.
    """
    costs = [float(point.cost.mean()) for point in points]
    below = int(np.searchsorted(costs, budget * (1 + 1e-12), side="right")) - 1
    if below < 0:
        return None
    at, spent = points[below].quality, points[below].cost
    if below + 1 == len(points):
        return at, spent
    share = (budget - costs[below]) / (costs[below + 1] - costs[below])
    dearer = points[below + 1]
    return (1 - share) * at + share * dearer.quality, (1 - share) * spent + share * dearer.cost


def choice_shares(point: Decided) -> Floats:
    """Return how often each model's reply is the one that counts: (M,), in all 1, or less where nobody was asked."""
    some = point.answered[point.answered >= 0]
    return np.bincount(some, minlength=len(point.table.cards)) / len(point.table)
