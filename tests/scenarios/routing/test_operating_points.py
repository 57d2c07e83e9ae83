"""Is a budget met exactly, by a coin between the two settings around it, chosen by cost alone?"""

from __future__ import annotations

import numpy as np
import pytest

from syllogym.envs.routing.routed import Routed
from syllogym.scenarios.routing.operating_points import by_cost, choice_shares, within
from tests.scenarios.routing.made import routers, table

TABLE = table()


def alone(model: int) -> Routed:
    return Routed.one_each(TABLE.models[model], TABLE, np.full(len(TABLE), model))


def test_settings_are_sorted_by_cost_and_those_that_decide_alike_are_kept_once() -> None:
    assert [point.name for point in by_cost([alone(2), alone(0), alone(1), alone(0)])] == list(TABLE.models)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_budget_between_two_settings_is_spent(share: float) -> None:
    low, high = TABLE.cost.mean(0)[[0, 1]]
    budget = float(low + share * (high - low))
    quality, cost = within([alone(0), alone(1)], budget) or ([], [])
    assert np.mean(cost) == pytest.approx(budget)
    assert np.mean(quality) == pytest.approx(np.array([1 - share, share]) @ TABLE.quality.mean(0)[:2])


def test_more_than_the_dearest_setting_costs_is_not_spent() -> None:
    quality, _ = within([alone(0), alone(1)], 1e9) or ([], [])
    assert np.array_equal(quality, TABLE.quality[:, 1])


def test_who_is_never_so_cheap_is_not_there() -> None:
    assert within([alone(2)], float(TABLE.cost[:, 2].mean()) * 0.99) is None


def test_settings_are_chosen_by_cost_though_a_cheaper_one_be_better() -> None:
    points = by_cost(routers(TABLE)["mine"])
    dear = points[-1]
    quality, _ = within(points, float(dear.cost.mean())) or ([], [])
    assert np.array_equal(quality, dear.quality)


def test_shares_tell_whose_reply_counts() -> None:
    half = Routed.one_each("half", TABLE, np.arange(len(TABLE)) % 2)
    assert choice_shares(half).tolist() == [0.5, 0.5, 0.0]
