"""The cheapest model, always: it expects the same of all, and of equals the cheapest is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable


@router()
@dataclass(kw_only=True)
class Cheapest(Fitted):
    """The lowest row of every comparison."""

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Learn nothing."""

    def values(self, questions: Sequence[str]) -> Array:
        """Return zeros."""
        return np.zeros((len(questions), len(self.models)))
