"""How do routers do on questions they never learnt from, when every question of a table is to count?

The table falls into folds by its questions' texts, and each fold is decided on by routers that were fitted to the
others: none was learnt from by who decides on it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from syllogym.agents.routing import make
from syllogym.agents.routing.choose import curve
from syllogym.agents.routing.costs import By, Costs
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import check_range

Specs = Mapping[str, str | Mapping[str, Any]]
"""Routers by the name they have in a comparison: the router's own name, or a mapping with its name and options."""

BASELINES: Specs = {
    name: name for name in ("random", "cheapest", "best_single", "prompt_length", "knn", "tfidf_ridge", "oracle")
}
"""What every comparison has in it."""


def expected(spec: str | Mapping[str, Any], train: RoutingTable, test: RoutingTable, seed: int = 0) -> Array:
    """Return the quality (N, M) that a router fitted to one table expects on another. The oracle is shown the other."""
    router = make(spec)
    router.fit(test if router.name == "oracle" else train, seed)
    told: Array = router.expect(test.questions)
    return told


def compare(
    table: RoutingTable, routers: Specs = BASELINES, *, folds: int = 5, costs: By = "mean", seed: int = 0
) -> dict[str, list[Routed]]:
    """Return each router's decisions on the whole table over prices of money, crossed over so many folds."""
    paid = crossed(table, folds, partial(_paid, costs))
    return {
        name: curve(name, table, crossed(table, folds, partial(expected, spec, seed=seed)), paid)
        for name, spec in routers.items()
    }


def crossed(table: RoutingTable, folds: int, tell: Callable[[RoutingTable, RoutingTable], Array]) -> Array:
    """Return what is told (N, M) of each fold by `tell(the others, the fold)`."""
    check_range("folds", folds, 2, len(table))
    marks = [zlib.crc32(question.encode("utf-8", "surrogatepass")) for question in table.questions]
    at = np.argsort(np.argsort(marks, kind="stable")) % folds  # by rank, so that folds are equally large
    told = np.empty(table.quality.shape)
    for fold in range(folds):
        told[at == fold] = tell(table.rows(at != fold), table.rows(at == fold))
    return told


def _paid(costs: By, train: RoutingTable, test: RoutingTable) -> Array:
    return np.broadcast_to(Costs(train, costs)(test.questions), test.cost.shape)
