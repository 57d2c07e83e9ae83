"""Is REINFORCE++-baseline the method of its paper?"""

from __future__ import annotations

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.reinforce_pp_baseline import ReinforcePPBaseline
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_are_whitened_over_tokens_after_the_groups_mean_is_taken_off() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [3, 0]], group=[5, 5])
    close(ReinforcePPBaseline().advantages(batch).advantage, whiten(doubles(-1, -1, 1)))


def test_the_kl_is_a_term_of_the_loss() -> None:
    batch = batch_of([[1]], proximal=[[-1.0]], reference=[[-3.0]])
    loss = ReinforcePPBaseline(kl=0.1).loss(Scores(doubles(-1), doubles(0)), batch, Credit(doubles(0)))
    close(loss, doubles(0.1 * 0.5 * 2**2)[0])


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(ReinforcePPBaseline())
