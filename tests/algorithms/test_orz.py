"""Is Open-Reasoner-Zero PPO without discount, bootstrapping and KL?"""

from __future__ import annotations

from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.orz import OpenReasonerZero
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences


def test_advantages_are_the_return_minus_the_value_whitened() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [-1, 0]], values=[[0.5, 0.25], [0.5, 0]])
    credit = OpenReasonerZero().advantages(batch)
    assert credit.target is not None
    close(credit.advantage, whiten(doubles(0.5, 0.75, -1.5)))
    close(credit.target, doubles(1, 1, -1))


def test_no_reference_is_needed() -> None:
    assert not OpenReasonerZero().needs_reference


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(OpenReasonerZero(), critic=True)
