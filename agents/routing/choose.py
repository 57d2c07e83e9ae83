"""Which model, when quality is expected and money has a price? Decisions at a price, within a budget, by a share.

Quality expected is (N, M); cost expected is (M,), the same for every question, or (N, M). Of models that are equally
worth it, the one that is cheaper on average is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syllogym.envs.routing.episode import named
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError

Choice = NDArray[np.int64]
"""(N,) the model chosen for each question, as a column."""

_HALVINGS = 50


def at_price(quality: Array, cost: Array, price: float) -> Choice:
    """Return the models with the most of quality - price x cost; the price is the quality that a dollar is worth."""
    cheapest_first = np.argsort(cost if cost.ndim == 1 else cost.mean(axis=0), kind="stable")
    chosen = np.full(len(quality), cheapest_first[0], dtype=np.int64)
    best = np.full(len(quality), -np.inf)
    for model in cheapest_first:  # column by column: a row's few models are too short a loop of their own
        worth = quality[:, model] - price * cost[..., model]
        np.copyto(chosen, model, where=worth > best)
        np.maximum(best, worth, out=best)
    return chosen


def within(quality: Array, cost: Array, budget: float, seed: int = 0) -> Choice:
    """Return the models with the most quality whose expected cost is at most `budget` dollars a question on average.

    Between two prices of money, one a little too dear and one within the budget, as many of the questions on which
    they differ as can be paid for, drawn by chance, get the dearer choice. Raises UserError below the cheapest choice.
    """
    costs = np.broadcast_to(cost, quality.shape)
    least = float(costs.min(axis=1).mean())
    if budget < least * (1 - 1e-9):
        raise UserError(f"A budget of {budget:.3g} dollars a question is below the cheapest choice, {least:.3g}.")
    best = at_price(quality, cost, 0.0)
    if _of(costs, best).mean() <= budget:
        return best
    low, high = 0.0, _dearest(quality, costs)
    dear, cheap = best, at_price(quality, cost, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = at_price(quality, cost, middle)
        if _of(costs, tried).mean() > budget:
            low, dear = middle, tried
        else:
            high, cheap = middle, tried
    return _between(costs, cheap, dear, budget * len(quality), seed)


def _between(costs: Array, cheap: Choice, dear: Choice, money: float, seed: int) -> Choice:
    """Return the cheap choice, and the dear one on questions drawn by chance while the money lasts."""
    more = _of(costs, dear) - _of(costs, cheap)
    differ = np.random.default_rng(seed).permutation(np.flatnonzero(cheap != dear))
    spent = _of(costs, cheap).sum() + np.cumsum(more[differ])
    paid = differ[spent <= money]
    chosen = cheap.copy()
    chosen[paid] = dear[paid]
    return chosen


def _dearest(quality: Array, costs: Array) -> float:
    """Return a price of money at which everything but the cheapest model is too dear."""
    gaps = np.diff(np.sort(costs, axis=1), axis=1)
    smallest = gaps[gaps > 0].min(initial=np.inf)
    return float((np.ptp(quality) + 1.0) / smallest) if np.isfinite(smallest) else 1.0


def prices(quality: Array, cost: Array, points: int = 50) -> Array:
    """Return prices of money from 0 up to where the cheapest is asked every question, evenly many decisions apart.

    They are quantiles of the prices at which a question's best model would give way to a cheaper one, or any model to
    the cheapest.
    """
    costs = np.broadcast_to(cost, quality.shape)
    best, cheapest = at_price(quality, cost, 0.0), costs.argmin(axis=1)
    saved = np.concatenate([_of(costs, best)[:, None] - costs, costs - _of(costs, cheapest)[:, None]])
    lost = np.concatenate([_of(quality, best)[:, None] - quality, quality - _of(quality, cheapest)[:, None]])
    worth = (saved > 0) & (lost > 0)
    if not worth.any():
        return np.zeros(1)
    turning = lost[worth] / saved[worth]
    spread = np.quantile(turning, np.linspace(0, 1, max(points - 1, 1)))
    grid: Array = np.unique(np.concatenate([[0.0], spread, [turning.max() * 1.01]]))
    return grid


def by_share(gain: Array, shares: Sequence[float] | Array) -> NDArray[np.bool_]:
    """Return (S, N) who is asked of the stronger model, so that each share of the questions is: those of most gain.

    `gain` (N,) is what asking the stronger of two models is expected to bring.
    """
    rank = np.empty(len(gain), dtype=np.int64)
    rank[np.argsort(-gain, kind="stable")] = np.arange(len(gain))
    asked: NDArray[np.bool_] = rank < np.round(np.asarray(shares)[:, None] * len(gain))
    return asked


def curve(
    name: str, table: RoutingTable, quality: Array, cost: Array, at: Sequence[float] | Array | None = None
) -> list[Routed]:
    """Return a router's decisions on a table at each price of money, `prices` of them if none are given."""
    return [
        Routed.one_each(f"{name} @ {price:.4g}", table, at_price(quality, cost, price), quality)
        for price in (prices(quality, cost) if at is None else at)
    ]


def pair_curve(
    name: str, table: RoutingTable, quality: Array, weak: str, strong: str, points: int = 101
) -> list[Routed]:
    """Return decisions between two models, from the weak one alone to the strong one alone in equal steps."""
    low, high = table.column(weak), table.column(strong)
    shares = np.linspace(0, 1, points)
    asked = by_share(quality[:, high] - quality[:, low], shares)
    return [
        Routed.one_each(f"{name} {share:.0%} strong", table, np.where(row, high, low), quality)
        for share, row in zip(shares, asked, strict=True)
    ]


def mixture(table: RoutingTable, first: str, second: str, share: float, seed: int = 0) -> Routed:
    """Return what comes of asking `second` by chance on this share of the questions, and `first` on the others."""
    if not 0 <= share <= 1:
        raise UserError(f"A share is between 0 and 1; it is {share}.")
    drawn = np.random.default_rng(seed).random(len(table)) < share
    choice = np.where(drawn, table.column(second), table.column(first))
    return Routed.one_each(f"{share:.0%} {second}, else {first}", table, choice)


def by_name(name: str, table: RoutingTable, said: Sequence[str | None], otherwise: str) -> tuple[Routed, int]:
    """Return the decisions of a router that replies with names, such as a language model, and how many name nobody.

    Replies are read as the environments read them; where no model of the table is named, `otherwise` answers.
    """
    if len(said) != len(table):
        raise UserError(f"{name}: {table.name} has {len(table)} questions and {len(said)} replies.")
    models = [named(reply or "", table.models) for reply in said]
    fallback = table.column(otherwise)
    choice = [fallback if model is None else table.column(model) for model in models]
    return Routed.one_each(name, table, choice), models.count(None)


def _of(cells: Any, choice: Choice) -> Array:
    chosen: Array = cells[np.arange(len(choice)), choice]
    return chosen
