"""Do scores mean what they say? Calibration of routers, verifiers and judges against what turned out right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from syllogym.scenarios.routing.frontier import Floats


@dataclass(frozen=True)
class Bin:
    """A line of the reliability table: scores from low to high, how many, their mean, and how often they were right."""

    low: float
    high: float
    count: int
    score: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """How far scores can be taken for probabilities, and how well they rank.

    Attributes:
        ece: expected calibration error. brier: mean squared error. auroc: chance that what is right has a higher score
            than what is wrong; None where everything is right, or wrong. aurc: mean error over all coverages.
        bins: the reliability table, without empty bins.
    """

    ece: float
    brier: float
    auroc: float | None
    aurc: float
    bins: list[Bin]


def calibration(scores: ArrayLike, labels: ArrayLike, bins: int = 15) -> Calibration:
    """Compare N scores with N labels, both in [0, 1].

    Raises:
        ValueError: for others, or where there are none.
    """
    s, y = _checked(scores, labels)
    table = reliability(s, y, bins)
    wrong = sum(line.count * abs(line.right - line.score) for line in table) / len(s)
    return Calibration(wrong, float(np.mean((s - y) ** 2)), auroc(s, y), aurc(s, y), table)


def reliability(scores: ArrayLike, labels: ArrayLike, bins: int = 15) -> list[Bin]:
    """Return the reliability table over bins of equal width (arXiv 1706.04599); the last one holds the score 1, too.

    The expected calibration error ECE is the mean of |right - score| over the bins, weighed by their counts.
    """
    s, y = _checked(scores, labels)
    at = np.minimum((s * bins).astype(int), bins - 1)
    counts, told, right = (np.bincount(at, weights, minlength=bins) for weights in (None, s, y))
    return [
        Bin(b / bins, (b + 1) / bins, int(counts[b]), float(told[b] / counts[b]), float(right[b] / counts[b]))
        for b in np.flatnonzero(counts)
    ]


def auroc(scores: ArrayLike, labels: ArrayLike) -> float | None:
    """Return the area under the ROC curve: how often what is right is scored above what is wrong; ties are half.

    A label between 0 and 1 counts as right in part and wrong in part. None where there is nothing to tell apart.
    """
    s, y = _checked(scores, labels)
    _, group = np.unique(s, return_inverse=True)
    right, wrong = np.bincount(group, y), np.bincount(group, 1.0 - y)
    pairs = right.sum() * wrong.sum()
    return float((right * (np.cumsum(wrong) - wrong / 2)).sum() / pairs) if pairs > 0 else None


def aurc(scores: ArrayLike, labels: ArrayLike) -> float:
    """Return the area under the risk-coverage curve (arXiv 1705.08500): the mean, over all k, of the error among the k
    highest scores. Of equal scores the order is random, and the mean over all orders is taken.
    """
    s, y = _checked(scores, labels)
    _, group = np.unique(-s, return_inverse=True)
    level = (np.bincount(group, 1.0 - y) / np.bincount(group))[np.sort(group)]
    risk: Floats = np.cumsum(level) / np.arange(1, len(s) + 1)
    return float(risk.mean())


def _checked(scores: ArrayLike, labels: ArrayLike) -> tuple[Floats, Floats]:
    s, y = np.asarray(scores, float).ravel(), np.asarray(labels, float).ravel()
    if s.shape != y.shape or not len(s):
        raise ValueError(f"Every score has a label; not {len(s)} and {len(y)} of them.")
    for what, values in (("scores", s), ("labels", y)):
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"{what} are in [0, 1]; there is {values[~((values >= 0) & (values <= 1))][0]}.")
    return s, y
