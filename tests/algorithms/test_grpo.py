"""Is GRPO the method of its paper?"""

from __future__ import annotations

import math

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.grpo import GRPO
from tests.algorithms.bandits import play
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_each_token_gets_the_standing_of_its_reply_in_its_group() -> None:
    # group 5: returns 1 and 3, mean 2, sample standard deviation sqrt(2)
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [3, 0]], group=[5, 5])
    wanted = torch.tensor([-(2**-0.5), -(2**-0.5), 2**-0.5], dtype=torch.float64)
    torch.testing.assert_close(GRPO().advantages(batch).advantage, wanted, rtol=0, atol=1e-6)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(GRPO())


def test_the_kl_is_a_term_of_the_loss_that_averages_by_sequence() -> None:
    # log-ratios of 1 to the reference in one of three tokens: k3 is 1/e
    batch = batch_of([[1, 1], [1, 0]], proximal=[[-1, -1], [-1, 0]], reference=[[-2, -1], [-1, 0]])
    loss = GRPO(kl=0.4).loss(Scores(doubles(-1, -1, -1), doubles(0, 0, 0)), batch, Credit(doubles(0, 0, 0)))
    close(loss, doubles(0.4 * math.exp(-1) / 2 / 2)[0])


def test_the_surveys_misprint_of_max_for_mean_learns_far_less() -> None:
    last = {}
    for baseline in ("mean", "max"):
        method = GRPO(baseline=baseline)  # type: ignore[arg-type]
        *_, (last[baseline], _) = play(method, bandits=64, arms=20, group=8, updates=1, batches=150)
    assert last["mean"] - last["max"] > 0.1
