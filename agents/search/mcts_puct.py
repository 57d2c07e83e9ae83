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

    def shares(self) -> list[float]:
        """Return the priors, of which shares are made when nodes are opened."""
        return self.tree.prior

    def _open(self, node: int, children: list[int]) -> None:
        """Make shares of the children's priors, and add the root's noise."""
        super()._open(node, children)
        prior, rare, count = self.tree.prior, self._rare, len(children)
        whole = sum([prior[child] for child in children])
        for child in children:
            prior[child] = rare[child] = prior[child] / whole if whole else 1.0 / count
        if self.noise and node == 0:
            for child, share in zip(children, dirichlet(self.alpha, count, self.dice), strict=True):
                prior[child] = rare[child] = prior[child] + self.noise * (share - prior[child])

    def weights(self, visits: range) -> list[float]:
        """Return explore(N) * sqrt(N)."""
        explore, base = self.explore, self.base
        return [sqrt(count) * (log((1 + count + base) / base) + explore) for count in visits]

    def rarities(self, visits: range) -> list[float]:
        """Return 1 / (1 + n)."""
        return [1.0 / (1 + count) for count in visits]
