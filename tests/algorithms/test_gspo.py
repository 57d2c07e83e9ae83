"""Is GSPO the method of its paper?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.gspo import GSPO
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.gradients import agrees_with_differences


@pytest.mark.parametrize("per_token", [False, True])
def test_the_loss_and_its_gradient_match_the_vector(vector: Callable[[str], dict[str, Any]], per_token: bool) -> None:
    case = vector("gspo")
    given, mask = case["inputs"], case["inputs"]["mask"]
    method = GSPO(clip=case["params"]["clip_low"], clip_high=case["params"]["clip_high"], per_token=per_token)
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs = flat(given["logp"], mask).requires_grad_()
    credit = Credit(flat(given["advantages"])[batch.sequence])
    loss = method.loss(Scores(logprobs, torch.zeros(5)), batch, credit)
    assert loss.item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])
    (gradient,) = torch.autograd.grad(loss, logprobs)
    torch.testing.assert_close(gradient, flat(case["expected"]["grad_logp"], mask), rtol=0, atol=case["tol"])


def test_by_token_each_advantage_moves_its_own_token_alone() -> None:
    batch = batch_of([[1, 1]], proximal=[[-1.0, -1.0]])
    logprobs = torch.tensor([-1.0, -1.0], dtype=torch.float64, requires_grad=True)
    loss = GSPO(per_token=True).loss(Scores(logprobs, torch.zeros(2)), batch, Credit(flat([1.0, 0.0])))
    (gradient,) = torch.autograd.grad(loss, logprobs)
    torch.testing.assert_close(gradient, flat([-0.5, 0.0]))


def test_each_token_gets_the_standing_of_its_reply_in_its_group() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [3, 0]], group=[5, 5])
    wanted = flat([-(2**-0.5), -(2**-0.5), 2**-0.5])
    torch.testing.assert_close(GSPO().advantages(batch).advantage, wanted, rtol=0, atol=1e-6)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(GSPO())
