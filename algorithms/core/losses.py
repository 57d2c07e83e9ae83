"""Which numbers do methods lower? Ratios, surrogates, value loss, and how tokens add up to a loss.

All inputs are flat, (A,) over action tokens; all functions are pure and give (A,) but for `aggregate`.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch

Aggregation = Literal["token", "sequence-mean", "sequence-sum"]


def token_ratio(logprobs: Tensor, proximal: Tensor) -> Tensor:
    """Return pi / pi_old of each token; the log-ratio is clamped to +-20 so that it cannot overflow."""
    return (logprobs - proximal).clamp(-20.0, 20.0).exp()


def clipped(ratio: Tensor, advantage: Tensor, low: float, high: float, dual: float | None = None) -> Tensor:
    """Return PPO's clipped surrogate as a loss (arXiv 1707.06347): max(-A r, -A clip(r, 1 - low, 1 + high)).

    Args:
        ratio: pi / pi_old, with gradient.
        advantage: detached.
        low, high: the clip range; unequal ones are DAPO's clip-higher (arXiv 2503.14476).
        dual: bound of the loss for negative advantages, as a multiple of -A (arXiv 1912.09729); None for no bound.
    """
    loss = torch.maximum(-advantage * ratio, -advantage * ratio.clamp(1.0 - low, 1.0 + high))
    if dual is not None:
        loss = torch.where(advantage < 0, torch.minimum(loss, -advantage * dual), loss)
    return loss


def value_loss(values: Tensor, old: Tensor, target: Tensor, clip: float | None = None) -> Tensor:
    """Return half the squared error of the critic, clipped to +-`clip` around its old values when given."""
    error = (values - target).square()
    if clip is not None:
        error = torch.maximum(error, (old + (values - old).clamp(-clip, clip) - target).square())
    return 0.5 * error


def aggregate(loss: Tensor, batch: Batch, how: Aggregation = "token") -> Tensor:
    """Add token losses up, divided by what the whole optimiser step holds, so that micro-batches sum to the same.

    Args:
        loss: (A,).
        batch: the micro-batch the tokens belong to; its totals are those of the whole step.
        how: ``token`` gives every token one weight (DAPO, REINFORCE++); ``sequence-mean`` averages inside each sequence
            and then over sequences (GRPO); ``sequence-sum`` sums inside each.
    """
    if how == "token":
        return loss.sum() / batch.totals.tokens
    if how == "sequence-sum":
        return loss.sum() / batch.totals.sequences
    size = torch.bincount(batch.sequence, minlength=len(batch.sequences)).to(loss)
    return (loss / size[batch.sequence.to(loss.device)]).sum() / batch.totals.sequences
