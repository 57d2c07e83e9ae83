"""One model for every question: at a price of money, the one that is worth most on average where it was fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable


@router()
@dataclass(kw_only=True)
class BestSingle(Fitted):
    """Expects of a model its mean quality. Over prices it walks the convex hull of the single models."""

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Take each model's mean."""
        self._means: Array = table.quality.mean(axis=0)

    def values(self, questions: Sequence[str]) -> Array:
        """Return the same means for every question."""
        return np.tile(self._means, (len(questions), 1))
