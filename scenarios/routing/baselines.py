"""What does every routing report have in it? Chance, one model, the length of the question, words, and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from syllogym.agents import routing
from syllogym.agents.routing.choose import curve, prices
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import RoutingTable
from syllogym.scenarios.routing.find import BASELINES

_ONE_POINT = ("random", "cheapest")
"""What no price of money changes."""


def baselines(train: RoutingTable, test: RoutingTable, *, points: int = 20, seed: int = 0) -> dict[str, list[Routed]]:
    """Return the decisions of every baseline on the questions of `test`, which only the oracle has seen."""
    return {
        name: decisions(
            name,
            routing.make(name),
            test if name == "oracle" else train,
            test,
            at=[0.0] if name in _ONE_POINT else None,
            points=points,
            seed=seed,
        )
        for name in BASELINES
    }


def decisions(
    label: str,
    router: Any,
    train: RoutingTable,
    test: RoutingTable,
    *,
    at: Sequence[float] | None = None,
    points: int = 20,
    seed: int = 0,
) -> list[Routed]:
    """Fit a router to one table and let it decide on another, at prices of money from nothing to much.

    What calls cost is expected to be what they cost on average in `train`; nobody looks at the costs in `test`.
    """
    router.fit(train, seed)
    expected, cost = router.expect(test.questions), train.cost.mean(axis=0)
    found = prices(expected, cost, points) if at is None else np.asarray(at, float)
    return curve(label, test, expected, cost, found)
