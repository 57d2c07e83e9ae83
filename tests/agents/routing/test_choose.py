"""Are decisions what the price of money, a budget or a share asks for?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.routing import choose
from syllogym.errors import UserError
from tests.agents.routing.made_up import COSTS, sums_and_poems

QUALITY = np.array([[0.2, 0.5, 0.9], [0.6, 0.6, 0.6], [0.1, 0.8, 0.85]])
COST = np.array([1.0, 2.0, 10.0])


def test_money_that_costs_nothing_is_spent_on_quality() -> None:
    assert choose.at_price(QUALITY, COST, 0.0).tolist() == [2, 0, 2]


def test_a_higher_price_of_money_asks_cheaper_models() -> None:
    assert choose.at_price(QUALITY, COST, 0.1).tolist() == [1, 0, 1]
    assert choose.at_price(QUALITY, COST, 1.0).tolist() == [0, 0, 0]


def test_of_equals_the_cheaper_one_is_asked_wherever_it_stands() -> None:
    assert choose.at_price(np.full((2, 3), 0.5), np.array([3.0, 1.0, 2.0]), 0.0).tolist() == [1, 1]


def test_costs_may_differ_by_question() -> None:
    cost = np.array([[9.0, 1.0], [1.0, 9.0]])
    assert choose.at_price(np.full((2, 2), 0.5), cost, 1.0).tolist() == [1, 0]


@given(seed=st.integers(0, 10_000), budget=st.floats(1.0, 12.0))
def test_a_budget_is_never_exceeded_and_nearly_used_up(seed: int, budget: float) -> None:
    quality = np.random.default_rng(seed).random((200, 3))
    spent = COST[choose.within(quality, COST, budget)].mean()
    most = COST[choose.at_price(quality, COST, 0.0)].mean()
    assert spent <= budget + 1e-9
    assert spent >= min(budget, most) - 9.0 / 200 - 1e-9  # what one more question could cost


@given(seed=st.integers(0, 10_000))
def test_within_a_budget_no_price_of_money_does_better(seed: int) -> None:
    quality = np.random.default_rng(seed).random((60, 3))
    chosen = choose.within(quality, COST, 4.0)
    rows = np.arange(60)
    for price in choose.prices(quality, COST, 20):
        other = choose.at_price(quality, COST, float(price))
        if COST[other].mean() <= COST[chosen].mean():
            assert quality[rows, other].mean() <= quality[rows, chosen].mean() + 1e-9


def test_one_model_for_all_is_mixed_with_a_dearer_one_by_chance_where_the_budget_lies_between() -> None:
    chosen = choose.within(np.tile([0.4, 0.4, 0.9], (1000, 1)), COST, 5.5)
    assert set(chosen.tolist()) == {0, 2}
    assert 300 < (chosen[:600] == 2).sum() / 0.6 < 700  # spread over the table, not its first questions


def test_a_budget_below_the_cheapest_model_is_refused_with_the_least_that_is_needed() -> None:
    with pytest.raises(UserError, match=r"A budget of 0\.5 dollars .* below the cheapest choice, 1\."):
        choose.within(QUALITY, COST, 0.5)


def test_prices_of_money_begin_at_zero_and_end_where_the_cheapest_is_asked() -> None:
    prices = choose.prices(QUALITY, COST)
    assert prices[0] == 0 and (np.diff(prices) > 0).all()
    assert choose.at_price(QUALITY, COST, float(prices[-1])).tolist() == [0, 0, 0]


def test_where_nothing_can_be_saved_there_is_one_price() -> None:
    assert choose.prices(QUALITY, np.ones(3)).tolist() == [0.0]


def test_a_share_of_strong_calls_goes_to_the_questions_of_most_gain() -> None:
    asked = choose.by_share(np.array([0.1, 0.9, 0.5, -0.2]), [0.0, 0.5, 1.0])
    assert asked.tolist() == [[False] * 4, [False, True, True, False], [True] * 4]


def test_the_curve_of_a_pair_goes_from_the_weak_model_alone_to_the_strong_one_alone() -> None:
    table = sums_and_poems(100)
    curve = choose.pair_curve("truth", table, table.quality, "counter", "both", points=5)
    assert [float(point.asked[:, 2].mean()) for point in curve] == [0, 0.25, 0.5, 0.75, 1]
    assert curve[2].quality.mean() == max(point.quality.mean() for point in curve[:3])


def test_the_curve_over_prices_of_money_falls_in_cost() -> None:
    table = sums_and_poems(100)
    costs = [point.cost.mean() for point in choose.curve("truth", table, table.quality, np.array(COSTS))]
    assert costs[-1] == 1.0 and all(dear >= cheap for dear, cheap in itertools.pairwise(costs))


def test_a_mixture_asks_each_of_two_models_as_often_as_is_said() -> None:
    mixed = choose.mixture(sums_and_poems(1000), "counter", "both", 0.3)
    assert 0.25 < mixed.asked[:, 2].mean() < 0.35 and not mixed.asked[:, 1].any()


def test_names_become_decisions_and_unknown_ones_are_counted_and_answered_by_another() -> None:
    table = sums_and_poems(4)
    routed, unknown = choose.by_name("policy", table, ["poet", " both\n", "nobody", None], otherwise="counter")
    assert routed.answered.tolist() == [1, 2, 0, 0] and unknown == 2


def test_a_fallback_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(UserError, match=r"has no model 'count'.*counter"):
        choose.by_name("policy", sums_and_poems(2), ["poet", "poet"], otherwise="count")


def test_as_many_replies_as_questions_are_needed() -> None:
    with pytest.raises(UserError, match="has 2 questions and 1 replies"):
        choose.by_name("policy", sums_and_poems(2), ["poet"], otherwise="counter")
