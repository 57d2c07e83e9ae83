"""Is supervised fine-tuning the cross-entropy of the demonstrated tokens?"""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.sft import SFT
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def test_the_loss_is_the_mean_surprise_of_a_token() -> None:
    batch = batch_of([[1, 1], [1, 0]])
    scores = Scores(torch.tensor([-1.0, -2.0, -6.0]), torch.zeros(3))
    assert SFT().loss(scores, batch, SFT().advantages(batch)).item() == 3.0


def test_the_policys_own_replies_are_not_looked_at() -> None:
    batch = batch_of([[1, 1], [1, 0]])
    batch.demonstrated = torch.tensor([False, True])
    keep = SFT().advantages(batch).keep
    assert keep is not None
    assert keep.tolist() == [False, False, True]


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(SFT())
