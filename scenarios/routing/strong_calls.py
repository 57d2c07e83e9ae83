"""How well does a router choose between a weak and a strong model? RouteLLM's curve over the share of strong calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from syllogym.scenarios.routing.frontier import Floats


def call_curve(scores: ArrayLike, weak: ArrayLike, strong: ArrayLike) -> tuple[Floats, Floats]:
    """Return the exact curve of a router that asks the strong model where its score is highest.

    Questions with equal scores change over together: between their two points lies any order of them, on average.

    Args:
        scores: (N,) how much each question wants the strong model. weak, strong: (N,) quality of each reply.

    Returns:
        Shares of strong calls from 0 to 1, and the mean quality at each.
    """
    s, w, g = (np.asarray(values, float) for values in (scores, weak, strong))
    order = np.argsort(-s, kind="stable")
    gained = np.cumsum((g - w)[order])
    ends = np.flatnonzero(np.r_[s[order][1:] != s[order][:-1], True])
    calls = np.r_[0.0, ends + 1] / len(s)
    return calls, w.mean() + np.r_[0.0, gained[ends]] / len(s)


def apgr(calls: ArrayLike, quality: ArrayLike, weak: float, strong: float) -> float:
    """Return the average performance gap recovered (RouteLLM, arXiv 2406.18665): 0 as the weak model, 1 as the strong.

    The area between curve and weak model, divided by that between strong and weak model; half of it is chance. A router
    may have more than 1: there are questions that only the weak model answers.

    Raises:
        ValueError: the two models are equally good, or the curve has no width.
    """
    x, y = _sorted(calls, quality)
    width = x[-1] - x[0]
    if strong == weak or not width:
        raise ValueError("APGR needs two models of different quality, and a curve over different shares of calls.")
    area = ((y[1:] + y[:-1]) / 2 * np.diff(x)).sum()
    return float((area - weak * width) / ((strong - weak) * width))


def cpt(calls: ArrayLike, quality: ArrayLike, weak: float, strong: float, share: float) -> float | None:
    """Return the call-performance threshold CPT (RouteLLM): the least share of strong calls that recovers so much.

    The first place where the curve reaches weak + share (strong - weak). The paper's code looks it up as if quality
    grew with every call: on curves that fall somewhere (see `fall`) it may find any place at that level, or none.

    Returns:
        None where the curve never gets there.
    """
    x, y = _sorted(calls, quality)
    level = weak + share * (strong - weak)
    reached = y >= level if strong >= weak else y <= level
    if not reached.any():
        return None
    at = int(np.argmax(reached))
    if at == 0:
        return float(x[0])
    return float(x[at - 1] + (x[at] - x[at - 1]) * (level - y[at - 1]) / (y[at] - y[at - 1]))


def fall(cost: ArrayLike, quality: ArrayLike) -> float:
    """Return by how much quality falls at most when more is spent: 0 for a curve that never falls."""
    _, y = _sorted(cost, quality)
    return float((np.maximum.accumulate(y) - y).max())


def _sorted(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Sort by x; of several points at one x, the worse come first."""
    xs, ys = np.asarray(x, float), np.asarray(y, float)
    order = np.lexsort((ys, xs))
    return xs[order], ys[order]
