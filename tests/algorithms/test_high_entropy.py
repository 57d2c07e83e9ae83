"""Does only the fifth of the tokens count that the policy was least sure of?"""

from __future__ import annotations

import torch

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.high_entropy import HighEntropy
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences

_ENTROPY = [[0.1, 0.9, 0.2, 0.3, 0.0], [0.8, 0.4, 0.5, 0.6, 0.7]]


def two_replies(cut: bool = False) -> Batch:
    batch = batch_of([[1] * 5] * 2, reward=[[0, 0, 0, 0, 1], [0] * 5], group=[0, 0], entropy=_ENTROPY)
    batch.cut = torch.tensor([False, cut])
    return batch


def test_the_tokens_of_highest_entropy_in_the_whole_rollout_count() -> None:
    keep = HighEntropy().advantages(two_replies()).keep
    assert keep is not None
    assert keep.nonzero()[:, 0].tolist() == [1, 5]


def test_they_are_chosen_among_the_tokens_of_whole_replies() -> None:
    keep = HighEntropy(share=0.4).advantages(two_replies(cut=True)).keep
    assert keep is not None
    assert keep.nonzero()[:, 0].tolist() == [1, 3]


def test_as_in_trl_the_other_tokens_teach_nothing_but_are_counted() -> None:
    credit = HighEntropy(variant="trl", filter_cut=False).advantages(two_replies())
    assert credit.keep is None
    assert credit.advantage.nonzero()[:, 0].tolist() == [1, 5]


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(HighEntropy())
