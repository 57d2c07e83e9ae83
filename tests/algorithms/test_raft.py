"""Does RAFT imitate the replies it chose, and no others?"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from syllogym.algorithms.raft import RAFT
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


@pytest.mark.parametrize(
    ("choose", "kept"), [("best", [False, True, False, True, False]), ("correct", [False, True, True, False, False])]
)
def test_only_chosen_replies_are_imitated(choose: Any, kept: list[bool]) -> None:
    batch = batch_of([[1]] * 5, reward=[[0.0], [1.0], [0.5], [0.0], [0.0]], group=[0, 0, 0, 1, 1])
    batch.sequences = [torch.tensor([0, token]) for token in (1, 2, 3, 4, 4)]
    keep = RAFT(choose=choose).advantages(batch).keep
    assert keep is not None
    assert keep.tolist() == kept


def test_the_same_words_count_once_in_a_group() -> None:
    batch = batch_of([[1, 1]] * 4, reward=[[0.0, 1.0]] * 4, group=[0, 0, 0, 1])
    batch.sequences = [torch.tensor([0, *words]) for words in ([1, 2], [1, 2], [2, 1], [1, 2])]
    assert RAFT(choose="correct").informative(batch).tolist() == [True, False, True, True]


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(RAFT())
