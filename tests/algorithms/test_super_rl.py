"""Does SuperRL learn from each task either by reward or by imitation?"""

from __future__ import annotations

import pytest
import torch

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.super_rl import SuperRL
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def played(*paid: float) -> Batch:
    """Return two replies to one task and two to another, of one token each, and a demonstration of each."""
    rewards = [*paid[:2], 1.0, *paid[2:], 1.0]
    batch = batch_of([[1]] * 6, reward=[[reward] for reward in rewards], group=[0] * 3 + [1] * 3)
    batch.demonstrated = torch.tensor([False, False, True] * 2)
    return batch


@pytest.mark.parametrize(
    ("paid", "kept"),
    [
        ((0.0, 0.0, 0.0, 0.0), [False, False, True, False, False, True]),
        ((0.0, 1.0, 0.0, 0.0), [True, True, False, False, False, True]),
        ((1.0, 1.0, 0.5, 0.0), [True, True, False, True, True, False]),
    ],
)
def test_a_reward_in_the_group_decides(paid: tuple[float, ...], kept: list[bool]) -> None:
    keep = SuperRL().advantages(played(*paid)).keep
    assert keep is not None
    assert keep.tolist() == kept


def test_a_demonstrated_reward_is_no_part_of_the_groups_statistics() -> None:
    advantage = SuperRL().advantages(played(0.0, 1.0, 0.0, 1.0)).advantage
    assert advantage[:2].tolist() == pytest.approx([-(2**-0.5), 2**-0.5], abs=1e-5)


def test_an_unrewarded_task_without_a_demonstration_teaches_nothing() -> None:
    batch, _ = played(0.0, 0.0, 0.0, 1.0).select(torch.tensor([0, 1, 3, 4, 5]))
    keep = SuperRL().advantages(batch).keep
    assert keep is not None
    assert keep.tolist() == [False, False, True, True, False]


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(SuperRL())
