"""Are advantages of groups the numbers their papers define?"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syllogym.algorithms.core.groups import (
    best_advantage,
    equal_groups,
    greedy_advantage,
    group_advantage,
    length_weighted_advantage,
    process_advantage,
    signal_advantage,
)
from syllogym.errors import UserError
from tests.algorithms.flat import close, doubles

ONE, TWO = torch.tensor([0, 0, 0]), torch.tensor([0, 0, 1, 1])


def test_group_advantage_by_hand() -> None:
    # mean 2, sample standard deviation sqrt((1 + 0 + 1) / 2) = 1
    advantage = group_advantage(doubles(1, 2, 3), torch.tensor([7, 7, 7]), eps=0.0)
    close(advantage, doubles(-1, 0, 1))


def test_leave_one_out_by_hand() -> None:
    # each reward minus the mean of the other two
    advantage = group_advantage(doubles(1, 2, 6), ONE, "leave_one_out", "none")
    close(advantage, doubles(1 - 4, 2 - 3.5, 6 - 1.5))


def test_the_greatest_as_baseline_praises_nobody() -> None:
    close(group_advantage(doubles(1, 2, 6), ONE, "max", "none"), doubles(-5, -4, 0))


@pytest.mark.parametrize(("ddof", "std"), [(1, 2**0.5), (0, 1.0)])
def test_the_standard_deviation_is_the_samples_or_the_populations(ddof: int, std: float) -> None:
    advantage = group_advantage(doubles(3, 5), torch.tensor([0, 0]), ddof=ddof, eps=0.5)
    close(advantage, doubles(-1 / (std + 0.5), 1 / (std + 0.5)))


def test_all_groups_may_share_the_standard_deviation_of_the_batch() -> None:
    outcome = doubles(0, 1, 5, 5)
    close(group_advantage(outcome, TWO, scale="batch", eps=0.0), doubles(-0.5, 0.5, 0, 0) / outcome.std())


def test_lengths_weigh_the_baseline() -> None:
    # (3*1 + 1*5) / 4 = 2
    close(length_weighted_advantage(doubles(1, 5), torch.tensor([0, 0]), torch.tensor([3, 1])), doubles(-1, 3))


def test_the_greedy_reply_is_a_baseline() -> None:
    close(greedy_advantage(doubles(1, 0, 1), doubles(0, 0, 1)), doubles(1, 0, 0))


def test_outcomes_of_zero_make_the_others_count_more() -> None:
    close(signal_advantage(doubles(1, 0, 0, 0), TWO), doubles(2, -2, 0, 0))
    close(signal_advantage(doubles(0, 0, 0, 0), TWO), doubles(0, 0, 0, 0))


def test_only_the_single_best_of_a_group_is_praised() -> None:
    close(best_advantage(doubles(0, 3, 1, 1), TWO, eps=0.0), doubles(0, 3 / 4.5**0.5, 0, 0))


def test_rewards_of_turns_are_normalised_together_and_added_up_from_each_token_on() -> None:
    # turns of two members paid 0 and 2, and 1: mean 1, standard deviation 1
    last = torch.tensor([False, True, True, True])
    advantage = process_advantage(doubles(0, 0, 2, 1), last, torch.tensor([0, 0, 0, 1]), torch.tensor([7, 7]), eps=0.0)
    close(advantage, doubles(0, 0, 1, 0))


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
