"""Is what a delegation is expected to be paid exact, and the best one best?"""

from __future__ import annotations

from itertools import product

import pytest

from syllogym.envs.routing.experts import open_pool
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.plan import cut, cuts, read_plan
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.worth import best_allocation, best_of, parts_of, worth

TEXT = "3*4+7+8"
EXPERTS = {
    "scripted": {
        "cheap": {"skill": 0.2, "skills": {"product": 0.0}, "call_price": 0.01},
        "dear": {"skill": 0.6, "call_price": 0.05},
    }
}
PAY = Pay(way="budget", weight=0.5, budget=0.2, gated=True)


@pytest.fixture
def pool() -> ScriptedPool:
    found = open_pool(EXPERTS)
    assert isinstance(found, ScriptedPool)
    return found


def test_worth_is_the_chance_that_every_step_is_right_times_what_is_paid_then(pool: ScriptedPool) -> None:
    questions = parts_of(cut("3*4|7+8", TEXT))
    chances = [pool.expected(model, question)[0] for model, question in zip(("dear", "cheap"), questions, strict=True)]
    right = 0.5 + 0.5 * (1 - 0.06 / 0.2)
    assert worth(pool, PAY, questions, ("dear", "cheap")) == pytest.approx(chances[0] * chances[1] * right)


def test_the_best_allocation_beats_every_other(pool: ScriptedPool) -> None:
    plan = cut("3*4|7|8", TEXT)
    questions = parts_of(plan)
    every = [worth(pool, PAY, questions, models) for models in product(pool.scripts, repeat=3)]
    best = best_allocation(pool, PAY, plan, questions)
    assert best.worth == pytest.approx(max(every)) == worth(pool, PAY, questions, best.models)


def test_the_best_plan_beats_the_others(pool: ScriptedPool) -> None:
    plans = [cut(short, TEXT) for short in ("3*4+7+8", "3*4|7+8", "3*4|7|8")]
    best = best_of(pool, PAY, plans)
    assert best.worth == max(best_allocation(pool, PAY, plan, parts_of(plan)).worth for plan in plans)


def test_a_step_without_a_model_is_worth_nothing(pool: ScriptedPool) -> None:
    assert worth(pool, PAY, parts_of(cut("3*4|7+8", TEXT)), ("dear", None)) == 0.0


def test_steps_ask_what_they_ask_when_all_before_them_were_right() -> None:
    plan = read_plan("step 1: [2]+8\nstep 2: 3*4", 8)
    assert [question.text for question in parts_of(plan)] == ["12+8", "3*4"]


def test_digits_do_not_change_which_plan_is_best(pool: ScriptedPool) -> None:
    for text in (TEXT, "9*1+2+5"):
        plans = [cut(short, text) for short in cuts(text)]
        best = best_of(pool, PAY, plans)
        assert best.worth == max(best_allocation(pool, PAY, plan, parts_of(plan)).worth for plan in plans)
        assert "+".join(step.text for step in best.plan.steps) == text
