"""What is a router? Something fitted to a table that expects a quality of every model for a new question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from syllogym.envs.routing.table import Array, RoutingTable


class Router(Protocol):
    """A router that decides before anybody is asked.

    What it expects is turned into a choice at some price of money (see `choose`), so one fit gives a whole curve.
    """

    def fit(self, table: RoutingTable, seed: int = 0) -> None:
        """Learn from a table. The seed is all chance it has."""
        ...

    def expect(self, questions: Sequence[str]) -> Array:
        """Return the quality it expects, (N, M), for the models of the table it was fitted to."""
        ...
