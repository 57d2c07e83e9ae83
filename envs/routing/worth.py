"""What is a plan worth before anybody is asked, and which is best? Exact, where experts are scripted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from syllogym.envs.routing.budget import DUST
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.plan import Plan, Step
from syllogym.envs.routing.pool import ExpertPool, Question
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.sums import part_of
from syllogym.envs.routing.table import Array

_DIGIT = re.compile(r"\[\d+\]|\d")


class Delegated(NamedTuple):
    """A plan, who solves each step, and what that is expected to be paid."""

    plan: Plan
    models: tuple[str, ...]
    worth: float


def parts_of(plan: Plan) -> list[Question]:
    """Return what the steps of a plan of a sum ask where every step before was solved rightly."""
    results: dict[int, str] = {}
    questions: dict[int, Question] = {}
    for at in plan.order:
        questions[at] = part_of(plan.text(at, results))
        results[at] = questions[at].answer or "?"
    return [questions[at] for at in range(len(plan.steps))]


def worth(
    pool: ScriptedPool,
    pay: Pay,
    questions: Sequence[Question],
    models: Sequence[str | None],
    budget: float | None = None,
) -> float:
    """Return what the team is paid in expectation, right only where every step is.

    A step without a model fails, and so does one that the budget (dollars of an episode) does not cover.
    """
    chance, dollars = 1.0, 0.0
    for question, model in zip(questions, models, strict=True):
        quality, cost = (0.0, 0.0) if model is None else pool.expected(model, question)
        chance, dollars = chance * quality * (question.answer is not None), dollars + cost
    return float(_paid(pay, np.array(chance), np.array(dollars), budget))


def best_allocation(
    pool: ScriptedPool, pay: Pay, plan: Plan, questions: Sequence[Question], budget: float | None = None
) -> Delegated:
    """Return the best way to allocate a plan, found by trying every one; of equals the cheapest."""
    chance, dollars = np.ones(1), np.zeros(1)
    names = list(pool.scripts)
    for question in questions:
        quality, cost = np.array([pool.expected(name, question) for name in names]).T
        chance, dollars = np.outer(chance, quality).ravel(), np.add.outer(dollars, cost).ravel()
    paid = _paid(pay, chance, dollars, budget)
    at = int(np.lexsort((dollars, -paid))[0])
    chosen = np.unravel_index(at, (len(names),) * len(questions))
    return Delegated(plan, tuple(names[int(one)] for one in chosen), float(paid[at]))


def best_of(pool: ScriptedPool, pay: Pay, plans: Sequence[Plan], budget: float | None = None) -> Delegated:
    """Return the best of some plans of a sum, each with its best allocation; of equals the first."""
    shapes = tuple(tuple(Step(_DIGIT.sub(_one, step.text), step.after) for step in plan.steps) for plan in plans)
    at, models, paid = _best(pool, pay, shapes, budget)
    return Delegated(plans[at], models, paid)


@lru_cache(maxsize=4096)
def _best(
    pool: ScriptedPool, pay: Pay, shapes: tuple[tuple[Step, ...], ...], budget: float | None
) -> tuple[int, tuple[str, ...], float]:
    """Do as `best_of` for plans of which only the shape matters, since no digit makes a step harder or dearer."""
    plans = map(Plan, shapes)
    each = [best_allocation(pool, pay, plan, parts_of(plan), budget) for plan in plans]
    at = max(range(len(each)), key=lambda at: each[at].worth)
    return at, each[at].models, each[at].worth


def _one(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("[") else "1"


def scripted(pool: ExpertPool) -> ScriptedPool | None:
    """Return the pool where it is one whose experts say what they can."""
    return pool if isinstance(pool, ScriptedPool) else None


def _paid(pay: Pay, chance: Array, dollars: Array, budget: float | None) -> Array:
    if budget is not None:
        chance, dollars = np.where(dollars > budget + DUST, 0.0, chance), np.minimum(dollars, budget)
    right, wrong = (sum(pay.parts(np.full_like(dollars, quality), dollars)) for quality in (1.0, 0.0))
    paid: Array = chance * right + (1 - chance) * wrong
    return paid
