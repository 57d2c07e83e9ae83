"""ReST-MCTS* (arXiv 2406.03816): Monte Carlo search on a value model, whose greedy look ahead corrects its values."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from syllogym.agents.search import strategy
from syllogym.agents.search.monte_carlo import MonteCarlo


@strategy()
@dataclass(kw_only=True)
class RestMcts(MonteCarlo):
    """Goes to the child of the highest V + explore * sqrt(2 ln N / n), those never visited first.

    Having widened a leaf it looks `rollout` levels ahead of its best child, each time on from the best thought: that
    child's value becomes (1 - blend) V + blend * the best found. A parent's is the mean of its children's, by visits.

    Attributes:
        blend: weight of the look ahead.
    """

    n: int = 3
    explore: float = 0.7
    rollout: int = 3
    enough: float = 0.9
    blend: float = 0.5

    def _descend(self) -> int:
        """Go down by the rule of choice, of equals to the first; return where it ends."""
        visits, value, node = self.tree.visits, self.tree.value, 0

        def bound(child: int) -> float:
            return value[child] + weight * self._rarity[visits[child]] if visits[child] else 10.0 + value[child]

        while node in self._alive:
            weight = self._weight[visits[node]]
            node = max(self._alive[node], key=bound)
        return node

    def weights(self, visits: range) -> list[float]:
        """Return explore * sqrt(2 ln N)."""
        return [self.explore * sqrt(2 * log(count)) for count in visits]

    def rarities(self, visits: range) -> list[float]:
        """Return 1 / sqrt(n)."""
        return [1.0 / sqrt(count) for count in visits]

    def end(self, first: int, last: int) -> None:
        """Correct the value of what grew by what was found ahead of it, and those above by their children's."""
        super().end(first, last)
        tree = self.tree
        if first >= 0 and last != first:
            ahead, at = 0.0, last
            while at != first:
                ahead, at = max(ahead, self.value(at)), tree.parent[at]
            tree.judge(first, (1 - self.blend) * self.value(first) + self.blend * ahead)
        node = tree.parent[first if first >= 0 else last]
        while node >= 0:
            seen = [child for child in tree.children[node] if tree.visits[child]]
            whole = sum(tree.visits[child] for child in seen)
            if whole:
                tree.judge(node, sum(tree.visits[child] * self.value(child) for child in seen) / whole)
            node = tree.parent[node]
