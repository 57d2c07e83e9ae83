"""Beam search over thoughts (arXiv 2305.00633): as breadth first, but a thought is worth as much as its whole path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.draws import without_replacement
from syllogym.agents.search.levels import Levels
from syllogym.agents.search.tree_search import at_least
from syllogym.errors import UserError


@strategy()
@dataclass(kw_only=True)
class Beam(Levels):
    """Keeps the `width` best paths of each level.

    Attributes:
        path: what a path is worth: the ``mean`` or the ``product`` of its values, or the ``least`` of them.
        temperature: 0 keeps the best; above, paths are drawn without replacement in proportion to exp(worth /
            temperature).
    """

    path: Literal["mean", "product", "least"] = "mean"
    temperature: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least(self.name, 0, temperature=self.temperature)
        if 0 < self.temperature < 0.01:
            raise UserError(f"beam.temperature is 0, or at least 0.01; not {self.temperature!r}.")

    def keep(self, fresh: Sequence[int]) -> Sequence[int]:
        """Choose the next frontier."""
        worth = {node: self.worth(node) for node in fresh}
        if self.temperature:
            weights = [exp(worth[node] / self.temperature) for node in fresh]
            return without_replacement(fresh, weights, self.width, self.dice)
        return sorted(fresh, key=worth.__getitem__, reverse=True)[: self.width]

    def worth(self, node: int) -> float:
        """Return what the path to a node is worth."""
        values = [self.value(at) for at in self.tree.path(node)[1:]]
        if self.path == "least":
            return min(values)
        if self.path == "mean":
            return sum(values) / len(values)
        whole = 1.0
        for value in values:
            whole *= value
        return whole

    def rank(self, node: int) -> float:
        """Order answers by their paths."""
        return super().rank(node) if node == 0 else super().rank(node) - self.value(node) + self.worth(node)
