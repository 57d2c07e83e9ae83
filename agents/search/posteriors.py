"""What may the mean reward of a choice be, after what was seen of it? Draws of it decide in Thompson sampling."""

from __future__ import annotations

from math import sqrt
from typing import Literal, Protocol

import numpy as np

Distribution = Literal["gaussian", "beta"]


_POOLED, _BATCH = 9, 64
"""Few degrees of freedom are asked for again and again, so these are drawn many at a time."""


class Chance:
    """Draws from the distributions of posteriors."""

    def __init__(self, seed: int) -> None:
        self._source = np.random.Generator(np.random.PCG64(seed))
        self._pools: list[list[float]] = [[] for _ in range(_POOLED)]

    def student(self, freedom: int) -> float:
        """Draw from Student's t."""
        if freedom >= _POOLED:
            return self._source.standard_t(freedom)
        pool = self._pools[freedom]
        if not pool:
            pool += self._source.standard_t(freedom, _BATCH).tolist()
        return pool.pop()

    def beta(self, won: float, lost: float) -> float:
        """Draw from a beta distribution."""
        return self._source.beta(won, lost)


class Posterior(Protocol):
    """What is believed of a mean."""

    def tell(self, reward: float) -> None:
        """Take in a reward, in [0, 1]."""

    def draw(self, chance: Chance) -> float:
        """Draw a mean from what is believed."""


class Gaussian:
    """Normal rewards of unknown mean and variance: m = 0, kappa = 1, nu = 1, tau^2 = 0.1 before anything is seen.

    A draw of the variance (scaled inverse chi-squared) and then of the mean given it is one draw of Student's t.
    """

    __slots__ = ("count", "freedom", "mean", "spread", "squares", "total")

    def __init__(self) -> None:
        self.count, self.total, self.squares = 0, 0.0, 0.0
        self.mean, self.spread, self.freedom = 0.0, sqrt(0.1), 1

    def tell(self, reward: float) -> None:
        """Take in a reward."""
        self.count = count = self.count + 1
        self.total = total = self.total + reward
        self.squares = squares = self.squares + reward * reward
        kappa = 1 + count
        self.mean = total / kappa
        # The sum of squares about the mean and that of the shrinkage, together.
        scale = (0.1 + max(0.0, squares - total * total / kappa)) / kappa
        self.spread = sqrt(scale / kappa)
        self.freedom = kappa

    def draw(self, chance: Chance) -> float:
        """Draw a mean."""
        return self.mean + self.spread * chance.student(self.freedom)


class Beta:
    """Rewards as shares of a success: Beta(1/2, 1/2) before anything is seen."""

    __slots__ = ("lost", "won")

    def __init__(self) -> None:
        self.won = self.lost = 0.5

    def tell(self, reward: float) -> None:
        """Take in a reward."""
        self.won += reward
        self.lost += 1.0 - reward

    def draw(self, chance: Chance) -> float:
        """Draw a mean."""
        return chance.beta(self.won, self.lost)


def posterior(distribution: Distribution) -> Posterior:
    """Return what is believed before anything is seen."""
    return Gaussian() if distribution == "gaussian" else Beta()
