"""Are ratios, surrogates, KL estimators and aggregations the numbers the papers define?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.losses import (
    aggregate,
    clipped,
    kl_estimate,
    kl_loss,
    penalised,
    token_ratio,
    value_loss,
)
from tests.algorithms.flat import batch_of, flat, ones

Vector = Callable[[str], dict[str, Any]]
REFERENCE = (0.1, 0.2, 0.3, 0.4)


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def close(actual: Tensor, wanted: Tensor, tol: float = 1e-9) -> None:
    torch.testing.assert_close(actual, wanted, rtol=tol, atol=tol, check_dtype=False)


def test_the_ratio_cannot_overflow() -> None:
    assert token_ratio(doubles(0.0), doubles(-1e4)).isfinite().all()


def test_the_surrogate_by_hand() -> None:
    ratio, advantage = doubles(1.5, 0.5, 1.5, 0.5), doubles(2, 2, -2, -2)
    close(clipped(ratio, advantage, 0.2, 0.2), doubles(-2.4, -1.0, 3.0, 1.6))


def test_unequal_clips_bound_each_side_by_its_own() -> None:
    close(clipped(doubles(1.5, 0.5), doubles(1, -1), 0.2, 0.28), doubles(-1.28, 0.8))


def test_the_dual_clip_bounds_only_negative_advantages() -> None:
    close(clipped(doubles(9.0, 9.0), doubles(-1, 1), 0.2, 0.2, dual=3.0), doubles(3.0, -1.2))


def test_the_surrogate_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_clip")
    mask, expected = case["inputs"]["mask"], case["expected"]
    logprobs = flat(case["inputs"]["logp"], mask).requires_grad_()
    ratio = token_ratio(logprobs, flat(case["inputs"]["old_logp"], mask))
    close(ratio.detach(), flat(expected["ratio"], mask), case["tol"])
    loss = clipped(ratio, flat(case["inputs"]["advantages"], mask), 0.2, 0.2)
    close(loss.detach(), flat(expected["token_loss"], mask), case["tol"])
    batch = batch_of(mask)
    for how, key in (
        ("sequence-mean", "loss_seq_mean_token_mean"),
        ("sequence-sum", "loss_seq_mean_token_sum"),
        ("token", "loss_token_mean"),
    ):
        assert aggregate(loss, batch, how).item() == pytest.approx(expected[key], abs=case["tol"])  # type: ignore[arg-type]
    aggregate(loss, batch, "token").backward()  # type: ignore[no-untyped-call]
    assert logprobs.grad is not None
    close(logprobs.grad, flat(expected["grad_logp_token_mean"], mask), case["tol"])


def test_the_dual_clip_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_dual_clip")
    logprobs, old, advantage, mask = (case["inputs"][key] for key in ("logp", "old_logp", "advantages", "mask"))
    ratio = token_ratio(flat(logprobs, mask), flat(old, mask))
    loss = clipped(ratio, flat(advantage, mask), 0.2, 0.2, dual=case["params"]["c"])
    close(loss, flat(case["expected"]["token_loss"], mask), case["tol"])


def test_the_value_loss_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_value_clip")
    values, old, target = (flat(case["inputs"][key]) for key in ("values", "old_values", "returns"))
    loss = value_loss(values, old, target, case["params"]["clip"])
    close(loss, 0.5 * flat(case["expected"]["token"]), case["tol"])
    assert loss.mean().item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])


def test_the_value_loss_by_hand() -> None:
    close(value_loss(doubles(2.0), doubles(0.0), doubles(1.0)), doubles(0.5))
    close(value_loss(doubles(2.0), doubles(0.0), doubles(1.5), clip=0.5), doubles(0.5 * (0.5 - 1.5) ** 2))


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


def test_aggregation_by_hand() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]])
    loss = doubles(1, 2, 3, 10)
    assert aggregate(loss, batch, "token").item() == 4.0
    assert aggregate(loss, batch, "sequence-mean").item() == 6.0
    assert aggregate(loss, batch, "sequence-sum").item() == 8.0


@pytest.mark.parametrize("how", ["token", "sequence-mean", "sequence-sum"])
def test_micro_batches_add_up_to_the_whole(how: Any) -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
    loss = torch.arange(6, dtype=torch.float64)
    parts = [aggregate(loss[index], part, how) for part, index in batch.micro_batches(1)]
    assert len(parts) == 3
    close(torch.stack(parts).sum(), aggregate(loss, batch, how))
