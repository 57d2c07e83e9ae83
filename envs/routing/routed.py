"""How did a router do on a table? What reports are made of: one row a question, whoever was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syllogym.envs.routing.table import Array, RoutingTable


@dataclass(frozen=True, eq=False)
class Routed:
    """A router's decisions on the N questions of a table with M models.

    Attributes:
        name: of the router, with its setting. table: where it routed.
        answered: (N,) whose reply counts, as a column of the table. asked: (N, M) whether a model was asked.
        extra: (N,) dollars beside the calls (a verifier's, say). scores: (N, M) what the router expected, or None.
    """

    name: str
    table: RoutingTable
    answered: NDArray[np.int64]
    asked: NDArray[np.bool_]
    extra: Array
    scores: Array | None = None

    @classmethod
    def one_each(
        cls, name: str, table: RoutingTable, choice: Sequence[int] | NDArray[Any], scores: Array | None = None
    ) -> Routed:
        """Return the decisions of a router that asks one model for each question."""
        answered = np.asarray(choice, dtype=np.int64)
        asked = np.zeros(table.quality.shape, dtype=np.bool_)
        asked[np.arange(len(table)), answered] = True
        return cls(name, table, answered, asked, np.zeros(len(table)), scores)

    @property
    def quality(self) -> Array:
        """(N,) quality of the replies that count."""
        quality: Array = self.table.quality[np.arange(len(self.table)), self.answered]
        return quality

    @property
    def cost(self) -> Array:
        """(N,) dollars that each question cost, every call counted."""
        cost: Array = np.where(self.asked, self.table.cost, 0.0).sum(axis=1) + self.extra
        return cost
