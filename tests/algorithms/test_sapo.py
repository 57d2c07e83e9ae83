"""Is SAPO the method of its paper?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.sapo import SAPO
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.gradients import agrees_with_differences


def test_the_loss_and_its_gradient_match_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("sapo_loss")
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs = flat(given["logp"], mask).requires_grad_()
    credit = Credit(flat(given["advantages"])[batch.sequence])
    loss = SAPO().loss(Scores(logprobs, torch.zeros(5)), batch, credit)
    assert loss.item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])
    (gradient,) = torch.autograd.grad(loss, logprobs)
    torch.testing.assert_close(gradient, flat(case["expected"]["grad_logp"], mask), rtol=0, atol=case["tol"])


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(SAPO())
