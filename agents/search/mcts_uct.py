"""Monte Carlo tree search by upper confidence bounds (UCT, 2006; of thoughts: RAP, arXiv 2305.14992)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from syllogym.agents.search import strategy
from syllogym.agents.search.monte_carlo import MonteCarlo


@strategy()
@dataclass(kw_only=True)
class MctsUct(MonteCarlo):
    """Goes to the child of the highest Q + explore * sqrt(ln N / n): Q is its mean, at first its value."""

    def choose(self, node: int, children: list[int]) -> int:
        """Return the child to go to, of equals the first."""
        tree = self.tree
        visits, total, value = tree.visits, tree.total, tree.value
        width = self.explore * sqrt(log(visits[node]))
        bounds = [
            total[child] / count + width / sqrt(count) if (count := visits[child]) else value[child] + width
            for child in children
        ]
        return children[bounds.index(max(bounds))]
