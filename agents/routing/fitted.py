"""What do all routers share? They refuse to expect before they learnt, and say one number for each model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


class Fitted(ABC):
    """A router: `learn` and `values` are its own. What was learnt is kept beside its options."""

    name: ClassVar[str]
    models: tuple[str, ...] = ()
    """Names of the models it expects a quality of; none before it was fitted."""

    def fit(self, table: RoutingTable, seed: int = 0) -> None:
        """Learn from a table. The seed is all chance it has."""
        self.learn(table, seed)
        self.models = table.models

    def expect(self, questions: Sequence[str]) -> Array:
        """Return the quality it expects, (N, M). Raises UserError before `fit`."""
        if not self.models:
            raise UserError(f"The router {self.name} has not been fitted to a table; call fit(table) first.")
        return self.values(questions)

    @abstractmethod
    def learn(self, table: RoutingTable, seed: int) -> None:
        """Learn from a table."""

    @abstractmethod
    def values(self, questions: Sequence[str]) -> Array:
        """Return the quality expected of each model."""
