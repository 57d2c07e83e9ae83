"""By what numbers do published benchmarks rank routers? Each as its paper or its code defines it."""

from __future__ import annotations

from math import log2

import numpy as np
from numpy.typing import ArrayLike

from syllogym.scenarios.routing.frontier import Floats, cost_at, pareto

_CHEAPEST, _DEAREST = 0.0044, 200.0
"""Dollars per 1,000 questions between which RouterArena ranks costs."""


def ibc(quality: float, cost: float, small_quality: float, small_cost: float) -> float | None:
    """Return the incremental benefit per cost over the small model (AutoMix, arXiv 2310.12963).

    (P - P_small) / (C - C_small); the cost of a verifier belongs to C. None where nothing more was spent.
    """
    return (quality - small_quality) / (cost - small_cost) if cost != small_cost else None


def delta_ibc(router: tuple[float, float], small: tuple[float, float], large: tuple[float, float]) -> float | None:
    """Return by what share a router's IBC is above that of the large model (AutoMix); points are (quality, cost).

    0 is a coin between the two models. None where it is undefined: the router costs what the small model costs, or the
    large model is no better than the small one.
    """
    own, line = ibc(*router, *small), ibc(*large, *small)
    return (own - line) / line if own is not None and line else None


def arena_score(accuracy: float, dollars: float, beta: float = 0.1) -> float:
    """Return RouterArena's score (arXiv 2510.00202): a weighted harmonic mean of accuracy and cheapness, in [0, 1].

    C = (log2 200 - log2 c) / (log2 200 - log2 0.0044) for c dollars per 1,000 questions, S = (1 + b) A C / (b A + C).
    Costs outside of these two count as the nearer one, so that what is free has a score, too.
    """
    span = log2(_DEAREST) - log2(_CHEAPEST)
    cheap = (log2(_DEAREST) - log2(min(max(dollars, _CHEAPEST), _DEAREST))) / span
    whole = beta * accuracy + cheap
    return (1 + beta) * accuracy * cheap / whole if whole else 0.0


def relative(mean: float, reference: float) -> float | None:
    """Return RouterEval's V (arXiv 2503.10657): mu by the reference model's (V_R), or by the best single's (V_B)."""
    return mean / reference if reference else None


def entropy(probabilities: ArrayLike) -> float:
    """Return RouterEval's E_p: the mean entropy in bits of (N, M) distributions over models. 0 asks always the same."""
    p = np.atleast_2d(np.asarray(probabilities, float))
    if (p < 0).any() or not np.allclose(p.sum(1), 1.0):
        raise ValueError("Each row is a distribution: numbers from 0 that add up to 1.")
    logs = np.log2(p, out=np.zeros_like(p), where=p > 0)
    return float(-(p * logs).sum(1).mean()) + 0.0


def perf_gain(quality: ArrayLike, best_single: float) -> float | None:
    """Return PerfGain (LLMRouterBench, arXiv 2601.07206): the most that any operating point is above the best single
    model, as a share of that.
    """
    return float(np.max(np.asarray(quality, float)) / best_single - 1.0) if best_single else None


def cost_save(cost: ArrayLike, quality: ArrayLike, best_single: tuple[float, float]) -> float | None:
    """Return CostSave (LLMRouterBench): the share of the best single model's cost that is spared at its quality.

    `best_single` is (quality, cost). Between operating points lies a coin. None where its quality is never reached.
    """
    wanted, paid = best_single
    least = cost_at(cost, quality, wanted)
    return None if least is None or not paid else 1.0 - least / paid


def pareto_dist(cost: ArrayLike, quality: ArrayLike, every_cost: ArrayLike, every_quality: ArrayLike) -> float:
    """Return ParetoDist (LLMRouterBench): the mean distance of a router's points from the Pareto front of all points.

    0 where all are on it. The paper's words leave the measure open; here both axes are stretched to [0, 1] over all
    points, and the distance is the straight one to the nearest point of the front.
    """
    every = np.column_stack([np.asarray(every_cost, float), np.asarray(every_quality, float)])
    least, span = every.min(0), np.ptp(every, axis=0)
    span[span == 0] = 1.0
    front = (every[pareto(*every.T)] - least) / span
    own = (np.column_stack([np.asarray(cost, float), np.asarray(quality, float)]) - least) / span
    apart: Floats = np.linalg.norm(own[:, None] - front[None], axis=2)
    return float(apart.min(1).mean())
