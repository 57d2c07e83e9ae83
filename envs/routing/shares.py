"""How much of what a delegation is worth is whose? Credit for each step's model, exact on scripted experts.

``difference`` is what the delegation is worth less what it is with that step given to a default model; ``shapley`` is
what the step's model adds to those before it, on average over orders, with the default for those to come.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from math import factorial
from typing import TypeVar

from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import Question
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.worth import worth

T = TypeVar("T")

WAYS = ("difference", "shapley")
"""How a step's model is credited."""

MOST = 64
"""Coalitions that are valued."""


def by_step(
    how: str,
    pool: ScriptedPool,
    pay: Pay,
    questions: Sequence[Question],
    models: Sequence[str | None],
    budget: float | None = None,
) -> list[float]:
    """Return the credit of each step's model, the cheapest being the default; `how` is one of `WAYS`."""
    cheapest = min(pool.scripts, key=lambda name: pool.scripts[name].card.cost(0, 1000))

    def value(coalition: frozenset[int]) -> float:
        played = [model if at in coalition else cheapest for at, model in enumerate(models)]
        return worth(pool, pay, questions, played, budget)

    steps = range(len(models))
    return (difference if how == "difference" else shapley)(steps, value)


def shapley(members: Sequence[T], value: Callable[[frozenset[T]], float], most: int = MOST) -> list[float]:
    """Return each member's Shapley value, given what any of them are worth together.

    Exact where there are at most `most` coalitions; else over as many drawn orders as that allows. All values add up to
    what all are worth more than none.
    """
    known: dict[frozenset[T], float] = {}

    def together(coalition: frozenset[T]) -> float:
        if coalition not in known:
            known[coalition] = value(coalition)
        return known[coalition]

    return [
        sum(share * (together(before | {one}) - together(before)) for share, before in befores(one, members, most))
        for one in members
    ]


def difference(members: Sequence[T], value: Callable[[frozenset[T]], float]) -> list[float]:
    """Return what all are worth less what they are without each of them."""
    everybody = frozenset(members)
    return [value(everybody) - value(everybody - {one}) for one in members]


def befores(one: T, members: Sequence[T], most: int = MOST) -> Iterator[tuple[float, frozenset[T]]]:
    """Yield which members may come before one, with the share of the orders in which they do."""
    others = [other for other in members if other != one]
    if 2 ** len(members) <= most:
        for chosen in range(2 ** len(others)):
            before = frozenset(other for at, other in enumerate(others) if chosen >> at & 1)
            orders = factorial(len(before)) * factorial(len(others) - len(before))
            yield orders / factorial(len(members)), before
        return
    dice, count = random.Random(0), max(1, most // len(members))
    for _ in range(count):
        order = dice.sample(list(members), len(members))
        yield 1 / count, frozenset(order[: order.index(one)])
