"""How sure is a mean? It is taken again over problems that are drawn anew, or over whole families of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 2000
_AT_ONCE = 2_000_000
"""Numbers drawn at one time: more would only take memory."""


@dataclass(frozen=True)
class Estimate:
    """A number, with the 95 % interval that another draw of problems would give."""

    value: float
    low: float
    high: float


def resampled(
    values: Floats, rng: np.random.Generator, families: Sequence[str] | None = None, draws: int = RESAMPLES
) -> Floats:
    """Return the means of (N, K) values over problems drawn again with replacement: (draws, K).

    All K are averaged over the same draws, so that the difference of two columns is a paired one. With `families`, one
    for each problem, whole families are drawn: problems of one family may be right or wrong together.
    """
    sums, sizes = values, np.ones(len(values))
    if families is not None:
        names, family = np.unique(np.asarray(families), return_inverse=True)
        sums, sizes = np.zeros((len(names), values.shape[1])), np.bincount(family).astype(float)
        np.add.at(sums, family, values)
    units = len(sums)
    weighed = np.column_stack([sums, sizes])
    means = np.empty((draws, values.shape[1]))
    step = max(1, _AT_ONCE // units)
    for begin in range(0, draws, step):
        count = min(step, draws - begin)
        drawn = rng.integers(units, size=(count, units)) + np.arange(count)[:, None] * units
        times = np.bincount(drawn.ravel(), minlength=count * units).reshape(count, units)
        totals = times @ weighed
        means[begin : begin + count] = totals[:, :-1] / totals[:, -1:]
    return means


def interval(value: float, drawn: Floats) -> Estimate:
    """Return a number with the 95 % percentile interval of what it was in (B,) draws."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high))
