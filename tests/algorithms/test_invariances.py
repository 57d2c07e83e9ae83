"""What must not matter to any method? How a step is cut up, the order of episodes, observations, and constants."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from syllogym import algorithms
from syllogym.agents.episode import Episode
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.batch import Batch
from tests.algorithms.steps import METHODS, episode_of, episodes, gradient, method, step

SETTINGS: dict[str, Any] = {"kl": 0.1, "cov_low": 0.0, "share": 0.52}
"""`share`: no entropies of the episodes that are equal but for rounding stand on both sides of it."""

OF_GROUPS = [name for name in METHODS if algorithms.get(name).needs_groups]
BY_TURN = ("grpo_process",)
"""Methods to which it matters where a reply ends."""
IMITATES = ("kdrl", "raft")
"""Methods of groups that learn from replies whose rewards are equal, too."""


@pytest.mark.parametrize("name", METHODS)
def test_eight_micro_batches_without_padding_give_the_gradient_of_one_with_it(name: str) -> None:
    whole, report = step(method(name, **SETTINGS), episodes(), micro_batch_tokens=10_000)
    cut, report_of_cut = step(method(name, **SETTINGS), episodes(), micro_batch_tokens=1)
    torch.testing.assert_close(gradient(cut), gradient(whole), rtol=1e-4, atol=1e-6)
    assert report_of_cut == pytest.approx(report, abs=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_double_precision_gives_the_gradient_of_single(name: str) -> None:
    single, _ = step(method(name, **SETTINGS), episodes())
    double, _ = step(method(name, **SETTINGS), episodes(), dtype=torch.float64)
    assert gradient(double).dtype == torch.float64
    torch.testing.assert_close(gradient(double).float(), gradient(single), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_the_order_of_episodes_does_not_matter(name: str) -> None:
    one, _ = step(method(name, **SETTINGS), episodes())
    other, _ = step(method(name, **SETTINGS), episodes()[::-1])
    torch.testing.assert_close(gradient(other), gradient(one), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in METHODS if name not in BY_TURN])
def test_credit_ignores_what_was_observed_between_two_turns(name: str) -> None:
    def credit(played: list[Episode]) -> Credit:
        batch = Batch.of(played)
        batch.proximal = batch.reference = batch.teacher = torch.linspace(-2, -1, len(batch))
        batch.entropy = batch.values = torch.linspace(0, 1, len(batch))
        return method(name, **SETTINGS).advantages(batch)

    apart = [episode_of([([1], [2, 3]), ([9] * 5, [4])], 1.0), episode_of([([1], [5]), ([8], [6])], 0.0)]
    joined = [episode_of([([1], [2, 3, 4])], 1.0), episode_of([([1], [5, 6])], 0.0)]
    torch.testing.assert_close(credit(apart).advantage, credit(joined).advantage)


@pytest.mark.parametrize("name", OF_GROUPS)
def test_a_constant_added_to_the_rewards_of_a_group_does_not_matter(name: str) -> None:
    one, _ = step(method(name, scale="group"), episodes())
    other, _ = step(method(name, scale="group"), episodes(shift=5.0))
    torch.testing.assert_close(gradient(other), gradient(one), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in OF_GROUPS if name not in IMITATES])
def test_equal_rewards_leave_the_weights_as_they_are(name: str) -> None:
    policy, _ = step(method(name), [episode_of([([1], [2, 3])], 0.7), episode_of([([1], [4])], 0.7)])
    assert (gradient(policy) == 0).all()


@pytest.mark.parametrize("name", OF_GROUPS)
def test_a_method_of_groups_says_when_there_are_none(name: str) -> None:
    batch = Batch.of([episode_of([([1], [2, 3])], 0.7)])
    batch.proximal = batch.entropy = torch.zeros(2)
    with pytest.raises(ValueError, match=r"at least 2 replies to each prompt: set train\.group"):
        method(name).advantages(batch)
