"""How does money become a part of a router's reward?"""

import json

import numpy as np
import pytest

from syllogym.envs.routing.pay import CostWindow, Pay, scale_of
from syllogym.errors import UserError


def test_linear_pay_takes_its_weight_off_for_every_dollar() -> None:
    assert dict(Pay(weight=20).reward(1.0, 0.01).parts) == {"correct": 1.0, "cost": pytest.approx(-0.2)}


def test_pay_by_budget_mixes_quality_with_the_share_that_is_left() -> None:
    reward = Pay("budget", weight=0.25, budget=0.04).reward(1.0, 0.01)
    assert reward == pytest.approx(0.75 * 1.0 + 0.25 * 0.75)
    assert dict(reward.parts) == {"correct": 1.0, "cost": pytest.approx(-0.25 * 0.25)}


def test_more_than_the_budget_is_worth_no_less_than_all_of_it() -> None:
    assert Pay("budget", weight=0.5, budget=0.01).cheapness(0.03) == 0.0


def test_router_r1_scales_square_roots_between_two_quantiles() -> None:
    # Square roots 0, 0.01, ..., 1: the quantiles are 0.05 and 0.95. A cost of 0.25 has the root 0.5: c = 1 - .45 / .9.
    scale = scale_of([(i / 100) ** 2 for i in range(101)])
    assert scale == pytest.approx((0.05, 0.95))
    assert Pay("window", weight=0.6, scale=scale).reward(1.0, 0.25) == pytest.approx(0.4 * 1.0 + 0.6 * 0.5)


def test_costs_beyond_the_quantiles_are_clipped() -> None:
    pay = Pay("window", weight=1.0, scale=(0.1, 0.2))
    assert pay.cheapness(np.array([0.0, 0.01, 0.04, 9.0])).tolist() == pytest.approx([1.0, 1.0, 0.0, 0.0])


@pytest.mark.parametrize("costs", [[], [0.3], [0.3, 0.3, 0.3]], ids=["none", "one", "equal"])
def test_a_window_without_a_spread_makes_every_cost_half_cheap(costs: list[float]) -> None:
    window = CostWindow()
    window.update(costs)
    assert Pay("window", weight=1.0, scale=window.scale).cheapness(0.7) == 0.5


@pytest.mark.parametrize(("way", "right", "wrong"), [("linear", 0.8, 0.0), ("budget", 0.95, 0.0)])
def test_gated_money_counts_only_where_something_was_right(way: str, right: float, wrong: float) -> None:
    pay = Pay(way, weight=20 if way == "linear" else 0.1, gated=True, budget=0.02)
    assert pay.reward(1.0, 0.01) == pytest.approx(right)
    assert pay.reward(0.0, 0.01) == wrong


def test_ungated_money_is_paid_to_the_wrong_too() -> None:
    assert Pay(weight=20).reward(0.0, 0.01) == pytest.approx(-0.2)
    assert Pay("budget", weight=0.1, budget=0.02).reward(0.0, 0.01) == pytest.approx(0.05)


def test_whole_tables_are_paid_as_single_questions_are() -> None:
    quality, cost = np.array([[0.0, 0.5, 1.0]] * 2), np.array([[0.01, 0.02, 0.03], [0.0, 0.2, 0.005]])
    for pay in (Pay(weight=3.0, gated=True), Pay("budget", 0.3, budget=0.1), Pay("window", 0.3, scale=(0.05, 0.2))):
        whole = sum(pay.parts(quality, cost))
        single = [
            [float(pay.reward(q, c)) for q, c in zip(*row, strict=True)] for row in zip(quality, cost, strict=True)
        ]
        assert np.allclose(whole, single)


def test_other_parts_stand_beside_quality_and_money() -> None:
    assert dict(Pay().reward(0.0, 0.5, unknown=-0.1, nothing=0.0).parts) == {"correct": 0.0, "unknown": -0.1}


def test_a_window_forgets_all_but_its_latest_costs() -> None:
    window = CostWindow(3)
    window.update([1.0, 2.0])
    window.update([3.0, 4.0])
    assert list(window.costs) == [2.0, 3.0, 4.0]


def test_a_window_from_a_checkpoint_has_the_same_scale() -> None:
    window, again = CostWindow(), CostWindow()
    window.update(np.random.default_rng(0).random(50).tolist())
    again.load_state_dict(json.loads(json.dumps(window.state_dict())))
    assert again.scale == window.scale


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ({"way": "cubic"}, "linear, budget, window"),
        ({"weight": -1.0}, "0 or more"),
        ({"weight": float("nan")}, "0 or more"),
        ({"way": "budget", "weight": 0.5}, "budget above 0"),
        ({"way": "window", "weight": 2.0}, "from 0 to 1"),
    ],
    ids=["way", "negative", "nan", "no budget", "share"],
)
def test_wrong_pay_says_what_it_asks_for(options: dict[str, object], fix: str) -> None:
    with pytest.raises(UserError, match=fix):
        Pay(**options)  # type: ignore[arg-type]


def test_a_negative_cost_is_refused_by_the_window() -> None:
    with pytest.raises(UserError, match="0 dollars or more"):
        CostWindow().update([-0.1])
