"""Monte Carlo tree search that follows the proposer's priors (PUCT, AlphaZero, arXiv 1712.01815)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from syllogym.agents.search import strategy
from syllogym.agents.search.draws import dirichlet
from syllogym.agents.search.monte_carlo import MonteCarlo


@strategy()
@dataclass(kw_only=True)
class MctsPuct(MonteCarlo):
    """Goes to the child of the highest Q + P * explore(N) * sqrt(N) / (1 + n): P is its share of the priors.

    Attributes:
        explore: weight of the priors, which grows by ln((1 + N + base) / base) with the visits N.
        noise: share of Dirichlet noise (of parameter `alpha`) in the priors of the root's children.
    """

    explore: float = 1.25
    base: float = 19652.0
    noise: float = 0.0
    alpha: float = 0.3

    def widened(self, children: list[int]) -> None:
        """Make shares of the priors, and add the root's noise."""
        prior = self.tree.prior
        whole = sum([prior[child] for child in children])
        for child in children:
            prior[child] = prior[child] / whole if whole else 1.0 / len(children)
        if self.noise and self.tree.parent[children[0]] == 0:
            for child, share in zip(children, dirichlet(self.alpha, len(children), self.dice), strict=True):
                prior[child] += self.noise * (share - prior[child])

    def choose(self, node: int, children: list[int]) -> int:
        """Return the child to go to, of equals the first."""
        tree = self.tree
        visits, total, value, prior = tree.visits, tree.total, tree.value, tree.prior
        count = visits[node]
        weight = sqrt(count) * (log((1 + count + self.base) / self.base) + self.explore)
        bounds = [
            (total[child] / seen if seen else value[child]) + weight * prior[child] / (1 + seen)
            for child in children
            for seen in (visits[child],)
        ]
        return children[bounds.index(max(bounds))]
