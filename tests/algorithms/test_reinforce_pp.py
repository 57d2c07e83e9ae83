"""Is REINFORCE++ the method of its paper?"""

from __future__ import annotations

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.reinforce_pp import ReinforcePP
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_by_hand() -> None:
    # returns 1, 1 and -1: mean 1/3, sample variance 4/3
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [-1, 0]])
    wanted = torch.tensor([2 / 3, 2 / 3, -4 / 3], dtype=torch.float64) / (4 / 3) ** 0.5
    torch.testing.assert_close(ReinforcePP().advantages(batch).advantage, wanted)


def test_every_token_weighs_the_same() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]], proximal=[[-1, -1, -1], [-1, 0, 0]])
    credit = Credit(torch.tensor([1.0, 1.0, 1.0, -1.0]))
    loss = ReinforcePP().loss(Scores(torch.full((4,), -1.0), torch.zeros(4)), batch, credit)
    assert loss.item() == pytest.approx(-(3 - 1) / 4)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(ReinforcePP())
