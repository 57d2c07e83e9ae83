"""How often is a strategy right for what it spends? Any budget is read from one run: the last answer before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from syllogym.envs.tree.usage import Usage
from syllogym.scenarios.analysis.pass_at_k import Curve, Floats, curve
from syllogym.scenarios.search.search_record import SearchRecord

Amount = Callable[[Usage], float]

AXES: dict[str, Amount] = {
    "tokens": lambda usage: usage.tokens,
    "money": lambda usage: usage.money,
    "calls": lambda usage: usage.calls,
    "nodes": lambda usage: usage.nodes,
}
"""What curves are drawn over."""


def by_problem(records: Sequence[SearchRecord], values: Sequence[Sequence[float]]) -> Floats:
    """Average what R records have, G numbers each, over the seeds of each of P problems: (P, G), problems in order."""
    number = {problem: at for at, problem in enumerate(sorted({record.place.problem for record in records}))}
    at = [number[record.place.problem] for record in records]
    sums = np.zeros((len(number), len(values[0])))
    np.add.at(sums, at, np.asarray(values, float))
    return np.asarray(sums / np.bincount(at)[:, None])


def read_at(record: SearchRecord, amount: Amount, limits: Floats) -> Floats:
    """Return the score of the last answer that a search had before it spent more than each of G limits: (G,)."""
    spent = [amount(usage) for usage, _ in record.curve]
    scores = np.array([0.0, *(score for _, score in record.curve)])
    return np.asarray(scores[np.searchsorted(spent, limits, side="right")])


def anytime(records: Sequence[SearchRecord], amount: Amount, limits: Floats) -> Floats:
    """Return the accuracy of one strategy on each of P problems at each of G limits: (P, G)."""
    return by_problem(records, [read_at(record, amount, limits).tolist() for record in records])


def mean(values: Floats, seed: int = 0) -> Curve:
    """Average (P, G) over the problems, with bands of problems drawn again; the same ones for the same P and seed, so
    that the difference of two is paired.
    """
    return curve(values, np.random.default_rng(seed))


def limits_of(records: Sequence[SearchRecord], amount: Amount, count: int = 60) -> Floats:
    """Return the G limits to draw a curve at: up to the most that was spent, evenly spaced on a logarithmic scale."""
    points = [spent for record in records for usage, _ in record.curve if (spent := amount(usage)) > 0]
    top = max([amount(record.usage) for record in records] + points, default=0)
    if not top:
        return np.zeros(0)
    return np.geomspace(min(points, default=top), top, count)
