"""Are episodes left out that teach nothing, and no others?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.algorithms.core.filters import mixed_groups, raw_metric, recent, scorable, uncut
from syllogym.errors import UserError
from tests.algorithms.flat import batch_of


def test_groups_that_are_all_right_or_all_wrong_are_left_out_as_in_the_vector(
    vector: Callable[[str], dict[str, Any]],
) -> None:
    case = vector("dapo_dynamic_sampling")
    accuracy = torch.tensor(case["inputs"]["accuracy"])
    group = torch.arange(len(accuracy)).repeat_interleave(accuracy.shape[1])
    kept = mixed_groups(accuracy.flatten().double(), group).reshape(accuracy.shape)
    assert kept.tolist() == [[keep] * accuracy.shape[1] for keep in case["expected"]["keep"]]


def test_members_of_a_group_need_not_stand_together() -> None:
    kept = mixed_groups(torch.tensor([1.0, 0.0, 0.0, 0.0]), torch.tensor([7, 3, 7, 3]))
    assert kept.tolist() == [True, False, True, False]


def test_the_raw_metric_is_correctness_where_it_is_paid() -> None:
    batch = batch_of([[1], [1]], reward=[[0.4], [0.7]])
    batch.correct = torch.tensor([1.0, torch.nan], dtype=torch.float64)
    assert raw_metric(batch).tolist() == [1.0, 0.7]


def test_tokens_of_trajectories_with_a_cut_reply_are_left_out() -> None:
    batch = batch_of([[1, 1], [1, 0]])
    batch.cut = torch.tensor([True, False])
    assert uncut(batch).tolist() == [False, False, True]


def test_when_every_reply_was_cut_the_user_is_told_what_to_change() -> None:
    batch = batch_of([[1, 1]])
    batch.cut = torch.tensor([True])
    with pytest.raises(UserError, match=r"sampling\.max_tokens"):
        uncut(batch)


def test_a_trajectory_is_as_old_as_its_oldest_token() -> None:
    batch = batch_of([[1, 1], [1, 1], [1, 0]])
    batch.version = torch.tensor([3, 5, 4, 5, 5])
    assert recent(batch, 5, 1).tolist() == [False, True, True]
    assert recent(batch, 5, 2).tolist() == [True, True, True]


def test_an_outcome_that_is_no_number_cannot_be_learnt_from() -> None:
    batch = batch_of([[1], [1], [1]], reward=[[1.0], [torch.nan], [torch.inf]])
    assert scorable(batch).tolist() == [True, False, False]
