"""How do routers do on questions they never learnt from, when every question of a table is to count?

The table falls into folds by its questions' texts, and each fold is decided on by routers that were fitted to the
others: none was learnt from by who decides on it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
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
    told = crossed(table, routers, folds=folds, costs=costs, seed=seed)
    return {name: curve(name, table, told.quality[name], told.cost) for name in routers}


@dataclass(frozen=True, eq=False)
class Told:
    """What was expected of questions that were not learnt from: the cost (N, M), and by router the quality (N, M)."""

    cost: Array
    quality: Mapping[str, Array]


def crossed(table: RoutingTable, routers: Specs, *, folds: int = 5, costs: By = "mean", seed: int = 0) -> Told:
    """Return what is expected of each fold by routers that were fitted to the others."""
    check_range("folds", folds, 2, len(table))
    marks = [zlib.crc32(question.encode("utf-8", "surrogatepass")) for question in table.questions]
    at = np.argsort(np.argsort(marks, kind="stable")) % folds  # by rank, so that folds are equally large
    told = Told(np.empty(table.cost.shape), {name: np.empty(table.quality.shape) for name in routers})
    for fold in range(folds):
        train, test = table.rows(at != fold), table.rows(at == fold)
        told.cost[at == fold] = Costs(train, costs)(test.questions)
        for name, spec in routers.items():
            told.quality[name][at == fold] = expected(spec, train, test, seed)
    return told
