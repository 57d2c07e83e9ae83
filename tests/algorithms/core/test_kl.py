"""Are KL estimators the numbers, and have they the gradients, that theory defines?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.kl import kl_estimate, kl_loss, penalised
from tests.algorithms.flat import batch_of, flat, ones

Vector = Callable[[str], dict[str, Any]]
REFERENCE = (0.1, 0.2, 0.3, 0.4)


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def close(actual: Tensor, wanted: Tensor, tol: float = 1e-9) -> None:
    torch.testing.assert_close(actual, wanted, rtol=tol, atol=tol, check_dtype=False)


@pytest.mark.parametrize("estimator", ["k1", "k2", "k3"])
def test_kl_estimators_match_the_vector(vector: Vector, estimator: Any) -> None:
    case = vector("kl_estimators")
    estimate = kl_estimate(flat(case["inputs"]["logp"]), flat(case["inputs"]["ref_logp"]), estimator)
    close(estimate, flat(case["expected"][estimator]), case["tol"])


@pytest.mark.parametrize("estimator", ["k1", "k3"])
def test_a_kl_estimate_is_unbiased(estimator: Any) -> None:
    logprobs, reference = doubles(0.5, -0.3, 0.2, 0.0).log_softmax(0), doubles(*REFERENCE).log()
    expectation = (logprobs.exp() * kl_estimate(logprobs, reference, estimator)).sum()
    close(expectation, (logprobs.exp() * (logprobs - reference)).sum())


def expected_gradient(logits: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the gradient of a loss of sampled tokens, in expectation over all tokens of a categorical."""
    logits = logits.clone().requires_grad_()
    logprobs = logits.log_softmax(0)
    (logprobs.detach().exp() * loss(logprobs)).sum().backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    return logits.grad


@pytest.mark.parametrize("estimator", ["k1", "k2", "k3"])
def test_the_kl_loss_has_the_value_of_its_estimator_and_the_gradient_of_the_divergence(estimator: Any) -> None:
    logits, reference = doubles(0.5, -0.3, 0.2, 0.0), doubles(*REFERENCE).log()
    logprobs = logits.log_softmax(0)
    close(kl_loss(logprobs, reference, estimator), kl_estimate(logprobs, reference, estimator))
    exact = logits.clone().requires_grad_()
    (exact.softmax(0) * (exact.log_softmax(0) - reference)).sum().backward()  # type: ignore[no-untyped-call]
    assert exact.grad is not None
    close(expected_gradient(logits, lambda now: kl_loss(now, reference, estimator)), exact.grad)


def test_kl_gradients_match_the_vector(vector: Vector) -> None:
    case = vector("kl_gradients")
    logits, reference = doubles(*case["inputs"]["logits"]), doubles(*case["inputs"]["ref_probs"]).log()
    gradient = expected_gradient(logits, lambda now: kl_loss(now, reference))
    close(gradient, doubles(*case["expected"]["grad_KL_pi_ref"]), case["tol"])
    for estimator in ("k1", "k2", "k3"):
        naive = expected_gradient(logits, lambda now, e=estimator: kl_estimate(now, reference, e))  # type: ignore[misc]
        close(naive, doubles(*case["expected"][f"E_grad_{estimator}_loss"]), case["tol"])


def test_kl_in_the_reward_matches_the_vector(vector: Vector) -> None:
    case = vector("kl_in_reward")
    logp, reference = case["inputs"]["logp"], case["inputs"]["ref_logp"]
    reward = [[0.0, 0.0, case["inputs"]["score"]]]
    batch = batch_of(ones(logp), reward=reward, proximal=logp, reference=reference)
    close(penalised(batch, case["params"]["beta"]), flat(case["expected"]["token_rewards"]), case["tol"])


def test_without_a_reference_nothing_is_penalised() -> None:
    batch = batch_of([[1, 1]], reward=[[0.0, 1.0]])
    close(penalised(batch, 5.0), doubles(0, 1))
