"""How far is the policy from the one it must stay near? Estimates of the divergence, in the loss or in the reward.

All inputs are flat, (A,) over action tokens; all functions are pure and give (A,).
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor

from syllogym.algorithms.core.batch import Batch

Estimator = Literal["k1", "k2", "k3"]


def kl_estimate(logprobs: Tensor, reference: Tensor, estimator: Estimator = "k3") -> Tensor:
    """Estimate KL(pi || reference) from tokens that pi sampled: k1 = d, k2 = d^2 / 2, k3 = exp(-d) - 1 + d.

    With d = log pi - log reference. k1 and k3 are unbiased as values. As losses they differ (see `kl_loss`).
    """
    difference = (logprobs - reference).clamp(-20.0, 20.0)
    if estimator == "k1":
        return difference
    if estimator == "k2":
        return 0.5 * difference.square()
    return (-difference).exp() - 1.0 + difference


def kl_loss(logprobs: Tensor, reference: Tensor, estimator: Estimator = "k3") -> Tensor:
    """Return a loss with the value of the estimator and the gradient of KL(pi || reference).

    Differentiating k1 gives an expected gradient of zero, k3 that of the reversed divergence; k2's is the right one on
    policy, so it is used for all (the value is put in place without gradient).
    """
    right_gradient = kl_estimate(logprobs, reference, "k2")
    return right_gradient + (kl_estimate(logprobs, reference, estimator) - right_gradient).detach()


def penalised(batch: Batch, coefficient: float) -> Tensor:
    """Return token rewards with the KL penalty in them (arXiv 2203.02155): r_t - coefficient * k1_t, detached."""
    if batch.reference is None:
        return batch.reward
    assert batch.proximal is not None
    return batch.reward - coefficient * kl_estimate(batch.proximal, batch.reference, "k1")
