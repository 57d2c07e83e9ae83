"""What is the most quality for the money? The Pareto front of operating points, its hull, and the area under that."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def pareto(cost: ArrayLike, quality: ArrayLike) -> NDArray[np.bool_]:
    """Return which of N points no other one beats: (N,).

    A point is beaten by one that costs no more, is no worse, and differs. Equal points stand or fall together.
    """
    costs, qualities = _points(cost, quality)
    order = np.lexsort((-qualities, costs))
    c, q = costs[order], qualities[order]
    record = np.r_[True, q[1:] > np.maximum.accumulate(q)[:-1]]
    last = np.maximum.accumulate(np.where(record, np.arange(len(q)), 0))
    front = np.empty(len(q), dtype=np.bool_)
    front[order] = (c == c[last]) & (q == q[last])
    return front


def hull(cost: ArrayLike, quality: ArrayLike) -> tuple[Floats, Floats]:
    """Return the corners of the non-decreasing convex hull, NDCH (RouterBench, arXiv 2403.12031): costs and qualities.

    Between two operating points lies whoever chooses one or the other by a coin. The hull begins at the cheapest point,
    ends at the best one, and from there on stays level.
    """
    costs, qualities = _points(cost, quality)
    front = pareto(costs, qualities)
    c, first = np.unique(costs[front], return_index=True)
    corners = upper(c.tolist(), qualities[front][first].tolist())
    return np.array([x for x, _ in corners]), np.array([y for _, y in corners])


def upper(costs: list[float], qualities: list[float]) -> list[tuple[float, float]]:
    """Return the upper hull of points sorted by cost, each cost once (Andrew's monotone chain)."""
    corners: list[tuple[float, float]] = []
    for x, y in zip(costs, qualities, strict=True):
        while len(corners) > 1:
            (ax, ay), (bx, by) = corners[-2:]
            if (by - ay) * (x - ax) > (y - ay) * (bx - ax):
                break
            corners.pop()
        corners.append((x, y))
    return corners


def quality_at(cost: ArrayLike, quality: ArrayLike, budgets: ArrayLike) -> Floats:
    """Return the quality on the hull for each of G budgets: (G,); nan where even the cheapest point costs more.

    Quality at equal cost, and with many budgets the budget curve.
    """
    c, q = hull(cost, quality)
    return np.asarray(np.interp(np.asarray(budgets, float), c, q, left=np.nan))


def cost_at(cost: ArrayLike, quality: ArrayLike, wanted: float) -> float | None:
    """Return the least cost at which the hull has the quality wanted: cost at equal quality. None: it never has."""
    c, q = hull(cost, quality)
    return float(np.interp(wanted, q, c)) if wanted <= q[-1] else None


def aiq(cost: ArrayLike, quality: ArrayLike, low: float, high: float) -> float:
    """Return AIQ, the mean quality of the hull over all budgets from `low` to `high` (RouterBench, arXiv 2403.12031).

    Where nothing can be afforded quality counts as 0. The paper's 1 / (c_max - c_min) times the integral has the least
    and the largest cost of all routers that are compared as bounds; the released code has 0 as `low`.
    """
    c, q = _points(cost, quality)
    return float(aiq_of_each(c[None], q[None], low, high)[0])


def aiq_of_each(costs: Floats, qualities: Floats, low: float, high: float) -> Floats:
    """Return the AIQ of B routers with P points each, (B, P): of one router in B draws of questions, say.

    All hulls are walked at once: from each corner the steepest way up, and level after the last.
    """
    if not low <= high:
        raise ValueError(f"The budgets go from low to high; not from {low} to {high}.")
    if low == high:  # one budget: wide enough to divide by
        high = low + max(abs(low), 1e-12) * 1e-9
    rows, first = np.arange(len(costs)), np.lexsort((-qualities, costs))[:, 0]
    x, y = costs[rows, first], qualities[rows, first]
    area = np.zeros(len(costs))
    for _ in range(costs.shape[1]):
        run, rise = costs - x[:, None], qualities - y[:, None]
        slope = np.divide(rise, run, out=np.zeros_like(run), where=(run > 0) & (rise > 0))
        steepest = slope.max(1)
        if not steepest.any():
            break
        ahead = np.where(slope >= steepest[:, None] * (1 - 1e-12), costs, -np.inf).argmax(1)  # of equals the farthest
        ahead = np.where(steepest > 0, ahead, first)
        end = np.where(steepest > 0, costs[rows, ahead], x)
        begin, stop = np.clip(x, low, high), np.clip(end, low, high)
        area += (stop - begin) * (y + steepest * ((begin + stop) / 2 - x))
        x, y = end, np.where(steepest > 0, qualities[rows, ahead], y)
    return np.asarray((area + (high - np.clip(x, low, high)) * y) / (high - low))


def _points(cost: ArrayLike, quality: ArrayLike) -> tuple[Floats, Floats]:
    costs, qualities = np.asarray(cost, float), np.asarray(quality, float)
    if costs.ndim != 1 or costs.shape != qualities.shape or not len(costs):
        raise ValueError(f"Every point has a cost and a quality; not {costs.shape} and {qualities.shape} of them.")
    if not (np.isfinite(costs).all() and np.isfinite(qualities).all()):
        raise ValueError("Costs and qualities are finite numbers.")
    return costs, qualities
