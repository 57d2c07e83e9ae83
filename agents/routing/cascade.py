"""Ask a cheap model first, and another one if its reply does not look right: what comes of that on a table?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


@dataclass(frozen=True)
class Cascade:
    """Models that are asked in turn.

    Attributes:
        models: in the order in which they are asked.
        thresholds: of each but the last; a reply whose score reaches it is taken. The last model's reply always is.
    """

    models: tuple[str, ...]
    thresholds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.models or len(self.thresholds) != len(self.models) - 1:
            raise UserError(
                f"A cascade of {len(self.models)} models has one threshold fewer; it has {len(self.thresholds)}."
            )

    def run(self, table: RoutingTable, scores: Array, checking: float = 0.0, name: str = "") -> Routed:
        """Return whom it asks on a table.

        Args:
            scores: (N, M), what a judge says of every model's reply; only those of replies that are there are read.
            checking: dollars that judging one reply costs; the last model's is not judged.
            name: in reports; the models if there is none.
        """
        if scores.shape != table.quality.shape:
            raise UserError(f"{table.name} has {table.quality.shape} replies, and there are {scores.shape} scores.")
        answered = np.full(len(table), table.column(self.models[-1]), dtype=np.int64)
        asked = np.zeros(table.quality.shape, dtype=np.bool_)
        extra = np.zeros(len(table))
        going = np.ones(len(table), dtype=np.bool_)
        for model, threshold in zip(self.models[:-1], self.thresholds, strict=True):
            column = table.column(model)
            asked[going, column] = True
            extra[going] += checking
            taken = going & (scores[:, column] >= threshold)
            answered[taken] = column
            going &= ~taken
        asked[going, table.column(self.models[-1])] = True
        return Routed(name or " > ".join(self.models), table, answered, asked, extra)
