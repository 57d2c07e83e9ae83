"""Is RLOO the method of its paper?"""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.rloo import RLOO
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_a_reply_is_compared_with_the_others_of_its_group() -> None:
    batch = batch_of([[1, 1], [1, 0], [1, 0]], reward=[[0, 1], [3, 0], [5, 0]], group=[0, 0, 0])
    close(RLOO().advantages(batch).advantage, doubles(1 - 4, 1 - 4, 3 - 3, 5 - 2))


def test_the_penalty_for_leaving_the_reference_is_in_the_return() -> None:
    batch = batch_of([[1, 1], [1, 1]], proximal=[[-1, -1], [-1, -1]], reference=[[-2, -1.5], [-1, -1]], group=[0, 0])
    close(RLOO(kl=0.1).advantages(batch).advantage, doubles(-0.15, -0.15, 0.15, 0.15))


def test_a_reply_is_one_action() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]])
    scores = Scores(torch.full((4,), -1.0), torch.zeros(4))
    assert RLOO().loss(scores, batch, Credit(torch.tensor([1.0, 1.0, 1.0, -1.0]))).item() == (3 - 1) / 2


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(RLOO())
