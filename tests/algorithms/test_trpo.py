"""Does TRPO move a real policy, and never further than it may?"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from syllogym.agents.policy import Policy
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.algorithms.trpo import TRPO
from tests.agents.models import policy_of
from tests.algorithms.gradients import agrees_with_differences
from tests.algorithms.steps import episodes


@torch.no_grad()
def distribution(policy: Policy, batch: Batch) -> Tensor:
    every = policy.score(batch.sequences, batch.sequence, batch.position).distribution
    assert every is not None
    return every.double()


@pytest.mark.parametrize("family", ["llama", "gpt2"])
@pytest.mark.parametrize("delta", [0.3, 0.001])
def test_a_step_changes_the_policy_by_at_most_delta(family: str, delta: float) -> None:
    policy = policy_of(family)
    learner = Learner(policy, TRPO(delta=delta), Optimiser(micro_batch_tokens=30), steps=2)
    for _ in range(2):
        batch = Batch.of(episodes())
        before = distribution(policy, batch)
        report = learner.update(batch, learner.prepare(batch))
        after = distribution(policy, batch)
        kl = float((before.exp() * (before - after)).sum(-1).mean())
        assert report["accepted"]
        assert 0.2 * delta < kl <= delta * (1 + 1e-3)
        assert kl == pytest.approx(report["step_kl"], rel=1e-2)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(TRPO())
