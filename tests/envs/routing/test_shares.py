"""Is every step's model credited with what it is worth?"""

from __future__ import annotations

import pytest

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import Question
from syllogym.envs.routing.scripted import Script, ScriptedPool
from syllogym.envs.routing.shares import MOST, by_step, difference, shapley
from syllogym.envs.routing.worth import worth


def glove(coalition: frozenset[str]) -> float:
    """One left glove and two right ones: a pair is worth 1."""
    return float("left" in coalition and len(coalition) > 1)


def test_the_gloves_are_worth_what_the_books_say() -> None:
    assert shapley(["left", "right", "other"], glove) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_the_difference_of_a_glove_that_can_be_replaced_is_nothing() -> None:
    assert difference(["left", "right", "other"], glove) == [1.0, 0.0, 0.0]


@pytest.mark.parametrize("count", [3, 6, 9])
def test_values_add_up_and_no_more_coalitions_are_valued_than_allowed(count: int) -> None:
    asked = set()

    def pairs(coalition: frozenset[int]) -> float:
        asked.add(coalition)
        return float(sum(one + 1 in coalition for one in coalition))

    assert sum(shapley(range(count), pairs)) == pytest.approx(count - 1) and len(asked) <= MOST


def test_a_step_s_model_is_compared_with_the_cheapest() -> None:
    cheap = Script(ModelCard("cheap", call_price=0.01), skill=0.0)
    dear = Script(ModelCard("dear", call_price=0.02), skill=1.0)
    pool, pay = ScriptedPool([cheap, dear]), Pay(weight=1.0)
    easy, hard = (Question(text, difficulty=level, answer="1") for text, level in (("easy", -1.0), ("hard", 0.9)))
    right = worth(pool, pay, [easy, hard], ["cheap", "dear"])
    values = by_step("difference", pool, pay, [easy, hard], ["cheap", "dear"])
    assert values == pytest.approx([0.0, right - worth(pool, pay, [easy, hard], ["cheap", "cheap"])])
