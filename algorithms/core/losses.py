"""Which numbers do methods lower? Ratios, surrogates, value loss, and how tokens add up to a loss.

All inputs are flat, (A,) over action tokens; all functions are pure and give (A,) but for `aggregate`. Advantages are
detached. Every surrogate is proportional to the size of the advantage: weighting the one weights the other.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.errors import UserError

Aggregation = Literal["token", "sequence-mean", "sequence-sum", "constant"]


def token_ratio(logprobs: Tensor, proximal: Tensor) -> Tensor:
    """Return pi / pi_old of each token; the log-ratio is clamped to +-20 so that it cannot overflow."""
    return (logprobs - proximal).clamp(-20.0, 20.0).exp()


def sequence_ratio(logprobs: Tensor, proximal: Tensor, sequence: Tensor) -> Tensor:
    """Return for each token the geometric mean of its sequence's ratios (GSPO, arXiv 2507.18071).

    The gradient of each reaches every token of the sequence; `own_gradient` gives the form for unequal advantages.
    """
    return mean_over_sequence(logprobs - proximal, sequence).clamp(-20.0, 20.0).exp()


def own_gradient(ratio: Tensor, logprobs: Tensor) -> Tensor:
    """Return the ratio with the gradient of its own token's log-prob alone (GSPO-token, arXiv 2507.18071)."""
    return ratio.detach() * (logprobs - logprobs.detach()).exp()


def bounded_ratio(
    logprobs: Tensor, proximal: Tensor, advantage: Tensor, sequence: Tensor, low: float, high: float
) -> Tensor:
    """Return for each token the geometric mean of its sequence's clipped ratios (GMPO, arXiv 2507.20673).

    Log-ratios are clipped to [-low, high], and only where that makes the objective worse, as PPO's are.
    """
    difference = logprobs - proximal
    inside = difference.clamp(-low, high)
    worse = torch.where(advantage > 0, torch.minimum(difference, inside), torch.maximum(difference, inside))
    return mean_over_sequence(worse, sequence).clamp(-20.0, 20.0).exp()


def reinforce(logprobs: Tensor, advantage: Tensor) -> Tensor:
    """Return the policy gradient's loss: -A log pi."""
    return -advantage * logprobs


def clipped(ratio: Tensor, advantage: Tensor, low: float, high: float, dual: float | None = None) -> Tensor:
    """Return PPO's clipped surrogate as a loss (arXiv 1707.06347): max(-A r, -A clip(r, 1 - low, 1 + high)).

    Args:
        ratio: pi / pi_old, with gradient.
        advantage: detached.
        low, high: the clip range; unequal ones are DAPO's clip-higher (arXiv 2503.14476).
        dual: bound of the loss for negative advantages, as a multiple of -A (arXiv 1912.09729); None for no bound.
            Above 1 + high it is the same as two-sided clipping of the ratio at `dual` (INTELLECT-2, arXiv 2505.07291).
    """
    loss = torch.maximum(-advantage * ratio, -advantage * ratio.clamp(1.0 - low, 1.0 + high))
    if dual is not None:
        loss = torch.where(advantage < 0, torch.minimum(loss, -advantage * dual), loss)
    return loss


def is_clipped(ratio: Tensor, advantage: Tensor, low: float, high: float) -> Tensor:
    """Return (A,) bool: where clipping takes the gradient, because the ratio went too far in the advantage's way."""
    return torch.where(advantage > 0, ratio > 1.0 + high, (advantage < 0) & (ratio < 1.0 - low))


def cispo(logprobs: Tensor, ratio: Tensor, advantage: Tensor, low: float, high: float) -> Tensor:
    """Return the policy gradient's loss under a clipped, detached ratio (CISPO, arXiv 2506.13585).

    No token loses its gradient. The cap of the ratio is 1 + high; `low` of 1 bounds nothing below.
    """
    return reinforce(logprobs, advantage * ratio.detach().clamp(1.0 - low, 1.0 + high))


def gated(ratio: Tensor, advantage: Tensor, positive: float, negative: float) -> Tensor:
    """Return SAPO's surrogate as a loss (arXiv 2511.20347): -A 4/tau sigmoid(tau (r - 1)), a gate in place of a clip.

    tau is `positive` where the advantage is, else `negative`. At r = 1 the gradient is the policy gradient's.
    """
    tau = torch.full_like(advantage, negative).masked_fill(advantage > 0, positive)
    return -advantage * 4.0 / tau * torch.sigmoid(tau * (ratio - 1.0))


def value_loss(values: Tensor, old: Tensor, target: Tensor, clip: float | None = None) -> Tensor:
    """Return half the squared error of the critic, clipped to +-`clip` around its old values when given."""
    error = (values - target).square()
    if clip is not None:
        error = torch.maximum(error, (old + (values - old).clamp(-clip, clip) - target).square())
    return 0.5 * error


def mean_over_sequence(column: Tensor, sequence: Tensor) -> Tensor:
    """Return for each token the mean of the column over its sequence, (A,)."""
    size = torch.bincount(sequence)
    total = torch.zeros(len(size), dtype=column.dtype).index_add(0, sequence, column)
    return total[sequence] / size[sequence]


def aggregate(loss: Tensor, batch: Batch, how: Aggregation = "token", length: float | None = None) -> Tensor:
    """Add token losses up, divided by what the whole optimiser step holds, so that micro-batches sum to the same.

    Args:
        loss: (A,).
        batch: the micro-batch the tokens belong to; its totals are those of the whole step. Sequences none of whose
            tokens count (`Credit.keep`) are not among them, as in verl 0.9.1.
        how: ``token`` gives every token one weight (DAPO, REINFORCE++); ``sequence-mean`` averages inside each sequence
            and then over sequences (GRPO); ``sequence-sum`` sums inside each; ``constant`` divides those sums by
            `length` (Dr. GRPO).
        length: tokens, the same in every step, such as the longest reply.
    """
    if how == "token":
        return loss.sum() / batch.totals.tokens
    if how == "sequence-sum":
        return loss.sum() / batch.totals.sequences
    if how == "constant":
        if length is None:
            raise UserError("Adding up losses by a constant needs its length in tokens, such as sampling.max_tokens.")
        return loss.sum() / (batch.totals.sequences * length)
    size = torch.bincount(batch.sequence, minlength=len(batch.sequences)).to(loss)
    return (loss / size[batch.sequence.to(loss.device)]).sum() / batch.totals.sequences
