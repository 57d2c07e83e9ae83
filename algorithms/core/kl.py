"""How far is the policy from the one it must stay near? Estimates of the divergence, in the loss or in the reward.

All inputs are flat, (A,) over action tokens; all functions are pure and give (A,). "The reference" is whichever policy
is to be stayed near: the frozen one of the start, or a teacher.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch

Estimator = Literal["k1", "k2", "k3"]
Gradient = Literal["unbiased", "naive"]


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


def kl_loss(
    logprobs: Tensor,
    reference: Tensor | None,
    estimator: Estimator = "k3",
    gradient: Gradient = "unbiased",
    ratio: Tensor | None = None,
) -> Tensor:
    """Return a loss with the value of one estimator and the gradient of KL(pi || reference).

    Differentiating k1 gives an expected gradient of zero, k3 that of the reversed divergence; k2's is the right one on
    policy, so it is used for all (the value is put in place without gradient).

    Args:
        logprobs: with gradient.
        reference: detached; where there is none, the loss is zero.
        estimator: of the value.
        gradient: ``naive`` differentiates the estimator itself, as formulas in papers read.
        ratio: pi / pi_old where tokens come from older weights. It weighs each token's gradient, which is then that of
            `ratio` times k3, and unbiased again (arXiv 2512.02556). It does not touch the value.
    """
    if reference is None:
        return torch.zeros_like(logprobs)
    value = kl_estimate(logprobs, reference, estimator)
    if gradient == "naive":
        return value
    right_gradient = kl_estimate(logprobs, reference, "k2")
    if ratio is not None:
        right_gradient = ratio.detach() * right_gradient
    return right_gradient + (value - right_gradient).detach()


def penalised(batch: Batch, coefficient: float, estimator: Estimator = "k1") -> Tensor:
    """Return token rewards with the KL penalty in them (arXiv 2203.02155): r_t - coefficient * k_t, detached."""
    if batch.reference is None:
        return batch.reward
    assert batch.proximal is not None
    return batch.reward - coefficient * kl_estimate(batch.proximal, batch.reference, estimator)
