"""Is reward bought with entropy, and where does that trade end? The fit R = -a exp(H) + b (arXiv 2505.22617)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from syllogym.scenarios.analysis.pass_at_k import Floats


@dataclass(frozen=True)
class EntropyFit:
    """R = -a exp(H) + b by least squares; entropy H in nats a token.

    Attributes:
        a, b: of the law, in units of R, an accuracy.
        r2: share of the variance of R it explains. rmse: its typical error, in units of R.
    """

    a: float
    b: float
    r2: float
    rmse: float

    @property
    def ceiling(self) -> float:
        """The reward that is predicted once no entropy is left: b - a."""
        return self.b - self.a

    @property
    def holds(self) -> bool:
        """Whether the law describes the run: more entropy goes with less reward, closely, and the ceiling can be."""
        return self.a > 0 and self.r2 > 0.9 and self.ceiling <= 1.0

    def reward(self, entropy: ArrayLike) -> Floats:
        """Return the reward predicted at an entropy."""
        return np.asarray(self.b - self.a * np.exp(np.asarray(entropy, float)))


def fit_entropy(entropy: ArrayLike, reward: ArrayLike) -> EntropyFit:
    """Fit the law to (T,) steps of a run; ValueError when they are fewer than 3, or entropy or reward stand still.

    It is a law of runs without tricks that keep entropy up, and approximate: at the scale of tiny models the ceiling
    can be off by several points.
    """
    h, r = np.asarray(entropy, float), np.asarray(reward, float)
    if len(h) < 3 or np.ptp(h) < 1e-9 or np.ptp(r) < 1e-9:
        raise ValueError("at least three steps are needed, in which both entropy and accuracy move")
    columns = np.stack([-np.exp(h), np.ones_like(h)], axis=1)
    (a, b), *_ = np.linalg.lstsq(columns, r, rcond=None)
    error = r - columns @ (a, b)
    r2 = 1.0 - np.square(error).sum() / np.square(r - r.mean()).sum()
    return EntropyFit(float(a), float(b), float(r2), float(np.sqrt(np.square(error).mean())))
