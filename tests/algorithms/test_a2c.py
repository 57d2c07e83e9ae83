"""Is A2C the method of its paper?"""

from __future__ import annotations

import math

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.a2c import A2C
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.coefficients import Coefficient
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_are_those_of_the_critic_and_not_whitened() -> None:
    batch = batch_of([[1, 1]], reward=[[0, 1]], values=[[0.25, 0.5]])
    credit = A2C().advantages(batch)
    assert credit.target is not None
    close(credit.advantage, doubles(0.75, 0.5))
    close(credit.target, doubles(1, 1))


def test_returns_may_trust_the_critic_after_some_steps() -> None:
    batch = batch_of([[1, 1]], reward=[[0, 1]], values=[[0.25, 0.5]])
    close(A2C(steps=1).advantages(batch).advantage, doubles(0.5 - 0.25, 1 - 0.5))


def test_the_loss_adds_the_critics_and_takes_the_entropy_off() -> None:
    batch = batch_of([[1]], values=[[0.0]])
    scores = Scores(torch.tensor([-1.0]), torch.zeros(1), torch.tensor([2.0]), torch.full((1, 4), math.log(0.25)))
    loss = A2C(value_weight=0.5, entropy=0.1).loss(scores, batch, Credit(torch.tensor([3.0]), torch.tensor([1.0])))
    assert loss.item() == pytest.approx(3 * 1 + 0.5 * 0.5 * (2 - 1) ** 2 - 0.1 * math.log(4))


@pytest.mark.parametrize(("entropy", "weight"), [(0.5, 1.02), (4.0, 0.98)])
def test_the_bonus_rises_while_there_is_too_little_entropy(entropy: float, weight: float) -> None:
    method = A2C(entropy=Coefficient(coefficient=1.0, target=1.0, horizon=10))
    method.steer(batch_of([[1]], entropy=[[entropy]]))
    assert method.now(method.entropy) == pytest.approx(weight)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(A2C(entropy=0.3), critic=True)
