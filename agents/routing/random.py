"""Any model, by chance: what every router has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable


@router()
@dataclass(kw_only=True)
class Random(Fitted):
    """Expects a uniform number of each model. At a price of 0 all models are asked equally often.

    For mixtures of two models see `choose.mixture`; of a pair, `choose.pair_curve` goes through all of them.
    """

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Learn nothing, but keep the seed."""
        self._seed = seed

    def values(self, questions: Sequence[str]) -> Array:
        """Return the same numbers for the same seed and as many questions."""
        return np.random.default_rng(self._seed).random((len(questions), len(self.models)))
