"""How are millions of routing decisions tried out? A table as a vectorised contextual bandit, in numpy alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.envs.routing.table_pool import TablePool
from syllogym.errors import check_range

Rows = NDArray[np.int64]


class Outcome(NamedTuple):
    """What a batch of decisions earned: (B,) each."""

    reward: Array
    quality: Array
    cost: Array


class TableBandit:
    """Draws questions in batches and pays the models that are chosen for them.

    Every pass over the table has an order of its own; all chance is the seed's.
    """

    def __init__(self, table: RoutingTable, pay: Pay | None = None, *, batch: int = 256, seed: int = 0) -> None:
        check_range("batch", batch, 1, 2**31)
        self.pool, self.pay, self.batch = TablePool(table), pay or Pay(), batch
        self._rng = np.random.default_rng(seed)
        self._order: Rows = np.empty(0, dtype=np.int64)
        self.rows = self._next()

    def step(self, models: NDArray[Any]) -> Outcome:
        """Ask a model, by its column, for each of `rows`; then other `rows` are drawn."""
        quality, cost = self.pool.ask_all(self.rows, models)
        earned, money = self.pay.parts(quality, cost)
        self.rows = self._next()
        return Outcome(earned + money, quality, cost)

    def _next(self) -> Rows:
        while len(self._order) < self.batch:
            self._order = np.concatenate([self._order, self._rng.permutation(len(self.pool.table))])
        rows, self._order = self._order[: self.batch], self._order[self.batch :]
        return rows
