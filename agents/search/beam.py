"""Beam search over thoughts (arXiv 2305.00633): as breadth first, but a thought is worth as much as its whole path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, inf
from operator import add, mul
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.draws import without_replacement
from syllogym.agents.search.levels import Levels
from syllogym.agents.search.tree_search import ANSWERED, Line, at_least
from syllogym.envs.tree.thought_tree import Status
from syllogym.errors import UserError

_PATHS: dict[str, tuple[float, Callable[[float, float], float]]] = {
    "mean": (0.0, add), "product": (1.0, mul), "least": (inf, min),
}  # fmt: skip
"""What a path is worth at the root, and how a node's value is joined to it; the mean is the sum by the depth."""


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
        begins, self._join = _PATHS[self.path]
        self._along = {0: begins}
        """By node, the sum, the product or the least of the values on its path."""
        return super().lines()

    def judged(self, nodes: Sequence[int], scores: Sequence[float] | None) -> Sequence[float]:
        """Write what nodes are worth into the tree, and what their paths are beside it."""
        along, join, parent = self._along, self._join, self.tree.parent
        for node, score in zip(nodes, [0.0] * len(nodes) if scores is None else scores, strict=True):
            along[node] = join(along[parent[node]], score)
        return super().judged(nodes, scores)

    def keep(self, fresh: Sequence[int]) -> Sequence[int]:
        """Choose the next frontier."""
        if self.temperature:
            weights = [exp(self.worth(node) / self.temperature) for node in fresh]
            return without_replacement(fresh, weights, self.width, self.dice)
        return sorted(fresh, key=self.worth, reverse=True)[: self.width]

    def worth(self, node: int) -> float:
        """Return what the path to a node is worth."""
        return self._along[node] / self.tree.depth[node] if self.path == "mean" else self._along[node]

    def ceiling(self, scores: Sequence[float]) -> float:
        """Return 1: what came before on a path may be worth more."""
        return 1.0

    def rank(self, node: int) -> float:
        """Order answers by their paths."""
        value, status = self.tree.value[node], self.tree.status[node]
        return (self.worth(node) if value == value else -1.0) + ANSWERED * (status is Status.TERMINAL)
