"""Is Dr. GRPO what its paper leaves of GRPO?"""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.dr_grpo import DrGRPO
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_are_not_scaled() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [3, 0]], group=[5, 5])
    close(DrGRPO().advantages(batch).advantage, doubles(-1, -1, 1))


def test_sums_of_sequences_are_divided_by_a_constant() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]], proximal=[[-1, -1, -1], [-1, 0, 0]])
    credit = Credit(torch.tensor([1.0, 1.0, 1.0, -1.0]))
    loss = DrGRPO(length=10).loss(Scores(torch.full((4,), -1.0), torch.zeros(4)), batch, credit)
    close(loss, torch.tensor(-(3 - 1) / (2 * 10)), 1e-6)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(DrGRPO())
