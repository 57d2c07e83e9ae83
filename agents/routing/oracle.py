"""Who knows the truth? A router that is fitted to the very table it is judged on: what no router can exceed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


@router()
@dataclass(kw_only=True)
class Oracle(Fitted):
    """Expects of a model the quality it has. Of those that are right, the cheapest is asked."""

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Keep the table."""
        self._row = {question: row for row, question in enumerate(table.questions)}
        self._quality = table.quality

    def values(self, questions: Sequence[str]) -> Array:
        """Return what is true. Raises UserError for a question that it was not shown."""
        new = next((question for question in questions if question not in self._row), None)
        if new is not None:
            raise UserError(f"The oracle knows only the questions of its table; {new[:80]!r} is not there.")
        truth: Array = self._quality[np.array([self._row[question] for question in questions], dtype=np.int64)]
        return truth
