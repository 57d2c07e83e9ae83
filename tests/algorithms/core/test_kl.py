"""Have KL estimators the values and the gradients that theory defines?"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.kl import kl_estimate, kl_loss, penalised
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import expected_gradient

LOGITS = doubles(0.5, -0.3, 0.2, 0.0)
REFERENCE = doubles(0.1, 0.2, 0.3, 0.4).log()
SAMPLER = doubles(0.4, 0.3, 0.2, 0.1)
ESTIMATORS: list[Any] = ["k1", "k2", "k3"]


def divergence_gradient() -> Tensor:
    """Return the gradient of KL(pi || reference) with respect to pi's logits."""
    logits = LOGITS.clone().requires_grad_()
    return torch.autograd.grad((logits.softmax(0) * (logits.log_softmax(0) - REFERENCE)).sum(), logits)[0]


@pytest.mark.parametrize("estimator", ["k1", "k3"])
def test_a_kl_estimate_is_unbiased(estimator: Any) -> None:
    logprobs = LOGITS.log_softmax(0)
    expectation = (logprobs.exp() * kl_estimate(logprobs, REFERENCE, estimator)).sum()
    close(expectation, (logprobs.exp() * (logprobs - REFERENCE)).sum())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_loss_has_the_value_of_its_estimator(estimator: Any) -> None:
    logprobs, ratio = LOGITS.log_softmax(0), doubles(1, 2, 3, 4)
    wanted = kl_estimate(logprobs, REFERENCE, estimator)
    close(kl_loss(logprobs, REFERENCE, estimator), wanted)
    close(kl_loss(logprobs, REFERENCE, estimator, ratio=ratio), wanted)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_on_policy_the_loss_has_the_gradient_of_the_divergence(estimator: Any) -> None:
    close(expected_gradient(LOGITS, lambda now: kl_loss(now, REFERENCE, estimator)), divergence_gradient())


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_off_policy_the_ratio_gives_the_loss_the_gradient_of_the_divergence(estimator: Any) -> None:
    def loss(now: Tensor) -> Tensor:
        return kl_loss(now, REFERENCE, estimator, ratio=now.exp() / SAMPLER)

    close(expected_gradient(LOGITS, loss, SAMPLER), divergence_gradient())


def test_every_token_has_the_gradient_of_the_differentiable_ratio_times_k3() -> None:
    logprobs = LOGITS.log_softmax(0).requires_grad_()
    ratio = logprobs.exp() / SAMPLER
    ours = torch.autograd.grad(kl_loss(logprobs, REFERENCE, ratio=ratio).sum(), logprobs, retain_graph=True)[0]
    close(ours, torch.autograd.grad((ratio * kl_estimate(logprobs, REFERENCE, "k3")).sum(), logprobs)[0])


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_naive_gradient_is_that_of_the_estimator(estimator: Any) -> None:
    logprobs = LOGITS.log_softmax(0).requires_grad_()
    assert torch.autograd.gradcheck(lambda now: kl_loss(now, REFERENCE, estimator, "naive"), (logprobs,))


def test_without_a_reference_there_is_no_loss() -> None:
    close(kl_loss(LOGITS, None), doubles(0, 0, 0, 0))


def test_without_a_reference_nothing_is_penalised() -> None:
    batch = batch_of([[1, 1]], reward=[[0.0, 1.0]])
    close(penalised(batch, 5.0), doubles(0, 1))
