"""Is PPO the method of its paper, in its form for language models?"""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.ppo import PPO
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_are_whitened_and_targets_are_not() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [-1, 0]], values=[[0.5, 0.5], [0.5, 0]])
    credit = PPO().advantages(batch)
    assert credit.target is not None
    torch.testing.assert_close(credit.advantage, whiten(torch.tensor([0.5, 0.5, -1.5], dtype=torch.float64)))
    torch.testing.assert_close(credit.target, torch.tensor([1.0, 1.0, -1.0], dtype=torch.float64))


def test_the_penalty_for_leaving_the_reference_is_in_the_targets() -> None:
    logprobs, reference = [[-1.0, -2.0]], [[-1.5, -2.0]]
    batch = batch_of([[1, 1]], reward=[[0, 1]], values=[[0, 0]], proximal=logprobs, reference=reference)
    target = PPO(kl=0.1).advantages(batch).target
    assert target is not None
    torch.testing.assert_close(target, torch.tensor([1 - 0.05, 1.0], dtype=torch.float64))


def test_the_loss_adds_the_critics_by_its_weight() -> None:
    batch = batch_of([[1]], proximal=[[-1.0]], values=[[0.0]])
    scores = Scores(torch.tensor([-1.0]), torch.zeros(1), torch.tensor([2.0]))
    credit = Credit(torch.tensor([3.0]), torch.tensor([1.0]))
    # policy: -3 * 1; critic: 0.5 * (2 - 1)^2, unclipped
    assert PPO(value_clip=None, value_weight=0.5).loss(scores, batch, credit).item() == -3 + 0.5 * 0.5


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(PPO(dual=1.2, entropy=0.1), critic=True)


def test_the_dual_clip_bounds_the_blame_of_a_token_that_became_likely() -> None:
    batch = batch_of([[1]], proximal=[[-3.0]], values=[[0.0]])
    scores = Scores(torch.tensor([-1.0]), torch.zeros(1), torch.tensor([0.0]))
    loss = PPO(dual=3.0).loss(scores, batch, Credit(torch.tensor([-1.0]), torch.tensor([0.0])))
    assert loss.item() == 3.0
