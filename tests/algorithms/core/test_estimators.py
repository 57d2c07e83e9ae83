"""Are returns, advantages and baselines the numbers the papers define?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syllogym.algorithms.core.estimators import (
    equal_groups,
    explained_variance,
    gae,
    group_advantage,
    returns_to_go,
    whiten,
)
from syllogym.errors import UserError
from tests.algorithms.flat import flat, ones, owner

Vector = Callable[[str], dict[str, Any]]


def doubles(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def close(actual: torch.Tensor, wanted: torch.Tensor, tol: float = 1e-9) -> None:
    torch.testing.assert_close(actual, wanted, rtol=tol, atol=tol)


def test_returns_to_go_discount_what_comes_later() -> None:
    close(returns_to_go(doubles(0, 0, 1, 2, 4), torch.tensor([0, 0, 0, 1, 1]), 0.5), doubles(0.25, 0.5, 1, 4, 4))


def test_gae_by_hand() -> None:
    # deltas: 0 + .5*.4 - .2 = 0 and 1 - .4 = .6; advantages .6 and 0 + .5*.5*.6 = .15
    advantage, target = gae(doubles(0, 1), doubles(0.2, 0.4), torch.tensor([0, 0]), 0.5, 0.5)
    close(advantage, doubles(0.15, 0.6))
    close(target, doubles(0.35, 1.0))


def test_gae_does_not_look_into_the_next_trajectory() -> None:
    trajectory = torch.tensor([0, 0, 1])
    first = gae(doubles(0, 1, 5), doubles(0.2, 0.4, 7), trajectory, 0.9, 0.9)[0]
    other = gae(doubles(0, 1, -3), doubles(0.2, 0.4, 0), trajectory, 0.9, 0.9)[0]
    close(first[:2], other[:2])


def test_returns_match_the_vector(vector: Vector) -> None:
    case = vector("reinforce_returns")
    rewards = case["inputs"]["rewards"]
    returns = returns_to_go(flat(rewards), owner(ones(rewards)), case["params"]["gamma"])
    close(returns, flat(case["expected"]["returns"]), case["tol"])


@pytest.mark.parametrize("name", ["gae", "gae_orz", "gae_multiturn_mask"])
def test_gae_matches_the_vector(vector: Vector, name: str) -> None:
    case = vector(name)
    rewards, values, mask = (case["inputs"][key] for key in ("rewards", "values", "mask"))
    params = case["params"]
    advantage, target = gae(flat(rewards, mask), flat(values, mask), owner(mask), params["gamma"], params["lam"])
    close(advantage, flat(case["expected"]["advantages"], mask), case["tol"])
    close(target, flat(case["expected"]["returns"], mask), case["tol"])


@pytest.mark.parametrize(("ddof", "key"), [(1, "whitened"), (0, "whitened_population")])
def test_whitening_matches_the_vector(vector: Vector, ddof: int, key: str) -> None:
    case = vector("gae")
    mask, expected = case["inputs"]["mask"], case["expected"]
    close(whiten(flat(expected["advantages"], mask), ddof=ddof), flat(expected[key], mask), case["tol"])


@pytest.mark.parametrize(("ddof", "key"), [(1, "advantages_bessel"), (0, "advantages_population")])
def test_whitened_returns_match_the_vector_of_reinforce_pp(vector: Vector, ddof: int, key: str) -> None:
    case = vector("reinforcepp")
    mask, expected = case["inputs"]["mask"], case["expected"]
    returns = returns_to_go(flat(expected["token_rewards"], mask), owner(mask), case["params"]["gamma"])
    close(returns, flat(expected["returns"], mask), case["tol"])
    close(whiten(returns, ddof=ddof), flat(expected[key], mask), case["tol"])


def test_group_advantage_by_hand() -> None:
    # mean 2, sample standard deviation sqrt((1 + 0 + 1) / 2) = 1
    advantage = group_advantage(doubles(1, 2, 3), torch.tensor([7, 7, 7]), eps=0.0)
    close(advantage, doubles(-1, 0, 1))


def test_leave_one_out_by_hand() -> None:
    # each reward minus the mean of the other two
    advantage = group_advantage(doubles(1, 2, 6), torch.zeros(3).long(), "leave_one_out", scale=False)
    close(advantage, doubles(1 - 4, 2 - 3.5, 6 - 1.5))


@pytest.mark.parametrize(
    ("name", "key", "options"),
    [
        ("grpo_advantage", "sample_std_eps1e-6", {"eps": 1e-6}),
        ("grpo_advantage", "sample_std_eps1e-4", {"eps": 1e-4}),
        ("grpo_advantage", "WRONG_max_baseline", {"baseline": "max"}),
        ("drgrpo_advantage", "advantages", {"scale": False}),
        ("rloo_advantage", "advantages", {"scale": False, "baseline": "leave_one_out"}),
    ],
)
def test_group_advantage_matches_the_vector(vector: Vector, name: str, key: str, options: dict[str, Any]) -> None:
    case = vector(name)
    rewards = case["inputs"]["rewards"]
    advantage = group_advantage(flat(rewards), owner(ones(rewards)), **options)
    close(advantage, flat(case["expected"][key]), case["tol"])


@given(st.floats(-1e6, 1e6), st.integers(2, 9), st.sampled_from(["mean", "leave_one_out", "max"]))
def test_equal_rewards_give_exactly_no_advantage(reward: float, size: int, baseline: Any) -> None:
    advantage = group_advantage(torch.full((size,), reward), torch.zeros(size).long(), baseline)
    assert (advantage == 0).all()


def test_without_a_baseline_equal_rewards_are_not_blown_up() -> None:
    close(group_advantage(doubles(1, 1), torch.zeros(2).long(), "none"), doubles(1, 1))


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=6), st.floats(-100, 100))
def test_a_constant_added_to_a_group_changes_nothing(rewards: list[float], constant: float) -> None:
    outcome, group = doubles(*rewards), torch.zeros(len(rewards)).long()
    close(group_advantage(outcome + constant, group, eps=1e-3), group_advantage(outcome, group, eps=1e-3), 1e-6)


def test_groups_may_be_shuffled() -> None:
    outcome, group = doubles(1, 0, 0, 4, 2, 9), torch.tensor([0, 0, 1, 1, 2, 2])
    order = torch.tensor([3, 0, 5, 2, 4, 1])
    close(group_advantage(outcome[order], group[order]), group_advantage(outcome, group)[order])


def test_groups_of_one_are_the_users_mistake() -> None:
    with pytest.raises(UserError, match=r"train\.group"):
        group_advantage(doubles(1, 0), torch.tensor([0, 1]))


@pytest.mark.parametrize("baseline", ["mean", "leave_one_out", "max"])
def test_who_is_left_alone_by_faults_gets_no_advantage(baseline: Any) -> None:
    advantage = group_advantage(doubles(1, 0, 5), torch.tensor([0, 0, 1]), baseline)
    assert advantage[2] == 0
    assert advantage.isfinite().all()


def test_equal_groups_are_counted() -> None:
    assert equal_groups(doubles(1, 1, 0, 1), torch.tensor([0, 0, 1, 1])) == 0.5


@pytest.mark.parametrize("values", [(3.0,), (0.1, 0.1, 0.1)])
def test_whitening_what_does_not_vary_gives_zeros(values: tuple[float, ...]) -> None:
    assert (whiten(doubles(*values)) == 0).all()


@pytest.mark.parametrize(("values", "share"), [((1.0, 2.0, 3.0), 1.0), ((2.0, 2.0, 2.0), 0.0), ((3.0, 2.0, 1.0), -3.0)])
def test_explained_variance(values: tuple[float, ...], share: float) -> None:
    assert explained_variance(doubles(*values), doubles(1, 2, 3)) == pytest.approx(share)
