"""Are both losses of SuperRL's hybrid means of their own, and are their weights learnt and remembered?"""

from __future__ import annotations

import math

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.algorithms.super_rl_hybrid import SuperRLHybrid
from tests.agents.models import tiny_policy
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences
from tests.algorithms.steps import episodes


def test_imitation_is_the_mean_over_demonstrations_alone() -> None:
    batch = batch_of([[1]] * 3, reward=[[0.0], [0.0], [1.0]], group=[0] * 3)
    batch.demonstrated = torch.tensor([False, False, True])
    batch.proximal = torch.zeros(3, dtype=torch.float64)
    scores = Scores(torch.tensor([-1.0, -1.0, -3.0], dtype=torch.float64), torch.zeros(3))
    method = SuperRLHybrid()
    loss = method.loss(scores, batch, method.advantages(batch))
    assert loss.item() == pytest.approx(math.exp(-2.0) * 3.0 + 1.0)


def test_the_weights_of_the_losses_are_learnt_and_remembered() -> None:
    method = SuperRLHybrid()
    batch = Batch.of(episodes())
    batch.group //= 2
    batch.demonstrated[::4] = True
    learner = Learner(tiny_policy(), method, Optimiser(lr=0.1), steps=2)
    learner.update(batch, learner.prepare(batch))
    learnt = [one.item() for one in method.log_sigmas]
    assert learnt[0] != 0.0 and learnt[1] != 1.0
    other = SuperRLHybrid()
    other.load_state_dict(method.state_dict())
    assert [one.item() for one in other.log_sigmas] == learnt


def test_a_weight_does_not_run_away_below_its_floor() -> None:
    method = SuperRLHybrid()
    with torch.no_grad():
        for one in method.log_sigmas:
            one.fill_(-5.0)
    batch = batch_of([[1], [1]], proximal=[[0.0], [0.0]])
    scores = Scores(torch.zeros(2, dtype=torch.float64), torch.zeros(2))
    loss = method.loss(scores, batch, Credit(torch.tensor([-1.0, -1.0])))
    assert loss.item() == pytest.approx(math.exp(4.0) - 4.0)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(SuperRLHybrid())
