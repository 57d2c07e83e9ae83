"""Does SRPO leave out what is solved, and give no credit to replies that were cut?"""

from __future__ import annotations

import pytest
import torch

from syllogym.algorithms.srpo import SRPO
from syllogym.errors import UserError
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def test_prompts_that_every_reply_solved_are_left_out_and_those_none_solved_stay() -> None:
    assert SRPO().keep({4: [True, True], 5: [True, False], 7: [False, False]}) == [5, 7]


@pytest.mark.parametrize(("filter_cut", "silent"), [(True, [False, True]), (False, [False, False])])
def test_a_reply_that_was_cut_has_no_advantage(filter_cut: bool, silent: list[bool]) -> None:
    batch = batch_of([[1], [1]], reward=[[1.0], [0.0]], group=[0, 0])
    batch.cut = torch.tensor([False, True])
    assert (SRPO(filter_cut=filter_cut).advantages(batch).advantage == 0).tolist() == silent


def test_a_rollout_in_which_all_were_cut_is_refused() -> None:
    batch = batch_of([[1], [1]], reward=[[1.0], [0.0]], group=[0, 0])
    batch.cut = torch.tensor([True, True])
    with pytest.raises(UserError, match=r"sampling\.max_tokens"):
        SRPO().advantages(batch)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(SRPO())
