"""Beam search over thoughts (arXiv 2305.00633): as breadth first, but a thought is worth as much as its whole path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.draws import without_replacement
from syllogym.agents.search.levels import Levels
from syllogym.agents.search.tree_search import Line, at_least
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

    def lines(self) -> Iterator[Line[None] | None]:
        """Yield the only line."""
        self._paths = {0: {"mean": 0.0, "product": 1.0, "least": inf}[self.path]}
        """Of kept nodes, the sum, the product or the least of the values on their paths."""
        return super().lines()

    def keep(self, fresh: Sequence[int]) -> Sequence[int]:
        """Choose the next frontier."""
        worth = [self.worth(node) for node in fresh]
        if self.temperature:
            weights = [exp(one / self.temperature) for one in worth]
            kept = without_replacement(fresh, weights, self.width, self.dice)
        else:
            best = sorted(range(len(fresh)), key=worth.__getitem__, reverse=True)[: self.width]
            kept = [fresh[at] for at in best]
        self._paths.update([(node, self._along(node)) for node in kept])
        return kept

    def worth(self, node: int) -> float:
        """Return what the path to a node is worth, of the root nothing."""
        return self._along(node) / (self.tree.depth[node] if self.path == "mean" else 1) if node else 0.0

    def _along(self, node: int) -> float:
        before, value = self._paths[self.tree.parent[node]], self.value(node)
        return before + value if self.path == "mean" else before * value if self.path == "product" else min(before, value)

    def rank(self, node: int) -> float:
        """Order answers by their paths."""
        return super().rank(node) - self.value(node) + self.worth(node)
