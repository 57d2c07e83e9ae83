"""Do several routers expect better together? Their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from syllogym.agents.routing import make, router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


@router()
@dataclass(kw_only=True)
class Ensemble(Fitted):
    """Each of `of` is fitted to the same table, with a seed of its own."""

    of: list[str | dict[str, Any]] = field(default_factory=lambda: ["by_family", "knn", "mlp", "tfidf_ridge"])

    def __post_init__(self) -> None:
        if not self.of:
            raise UserError("ensemble.of names at least one router.")

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Fit each."""
        self._routers = [make(spec) for spec in self.of]
        for at, one in enumerate(self._routers):
            one.fit(table, seed * len(self._routers) + at)

    def values(self, questions: Sequence[str]) -> Array:
        """Return the mean of what they expect."""
        mean: Array = np.mean([one.expect(questions) for one in self._routers], axis=0)
        return mean
