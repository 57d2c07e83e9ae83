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

    def weights(self, visits: range) -> list[float]:
        """Return explore * sqrt(ln N)."""
        explore = self.explore
        return [explore * sqrt(log(count)) for count in visits]

    def rarities(self, visits: range) -> list[float]:
        """Return 1 / sqrt(n)."""
        return [1.0 / sqrt(count) for count in visits]
