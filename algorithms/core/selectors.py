"""Which tokens does a method treat apart? Those of high entropy, and those whose covariance drives entropy down.

All columns are (A,) over the tokens of a whole rollout or optimiser step, never of a micro-batch; results are bool.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch


def top_entropy(entropy: Tensor, share: float) -> Tensor:
    """Choose the ceil(share * A) tokens of highest entropy, the forking tokens (arXiv 2506.01939)."""
    chosen = torch.zeros(len(entropy), dtype=torch.bool)
    chosen[entropy.topk(math.ceil(share * len(entropy))).indices] = True
    return chosen


def above_quantile(entropy: Tensor, share: float) -> Tensor:
    """Choose the tokens whose entropy is at least the quantile 1 - share, as TRL does."""
    return entropy >= quantile(entropy, 1.0 - share)


def quantile(column: Tensor, share: float) -> Tensor:
    """Return the number below which `share` of the column lies, on a line between two neighbours.

    `torch.quantile` takes no more than 16 million numbers.
    """
    ordered = column.sort().values
    place = share * (len(column) - 1)
    return torch.lerp(ordered[math.floor(place)], ordered[math.ceil(place)], place - math.floor(place))


def covariance(advantage: Tensor, logprobs: Tensor, keep: Tensor | None = None) -> Tensor:
    """Return each token's part of the covariance of advantage and log-prob (arXiv 2505.22617), (A,).

    Under the policy gradient the entropy falls at the rate of their mean. Tokens that are not to be kept have no part.
    """
    if keep is None:
        keep = torch.ones(len(advantage), dtype=torch.bool)
    part = (advantage - advantage[keep].mean()) * (logprobs - logprobs[keep].mean())
    return part.where(keep, 0.0)


def clip_cov(
    covariance: Tensor, free: Tensor, share: float, band: tuple[float, float], chance: torch.Generator
) -> Tensor:
    """Choose tokens by chance among those whose covariance lies inside `band` (Clip-Cov, arXiv 2505.22617).

    Args:
        covariance: of each token.
        free: (A,) bool, tokens that clipping has not silenced already; only these are candidates.
        share: of all tokens, how many are chosen; at least one where there is a candidate.
        band: both bounds excluded.
        chance: decides. Candidates are drawn in the order of their covariances, not of their places.
    """
    candidate = free & (covariance > band[0]) & (covariance < band[1])
    ordered = torch.argsort(covariance)
    ordered = ordered[candidate[ordered]]
    count = max(1, int(share * len(covariance)))
    chosen = torch.zeros(len(covariance), dtype=torch.bool)
    chosen[ordered[torch.randperm(len(ordered), generator=chance)[:count]]] = True
    return chosen


def kl_cov(covariance: Tensor, share: float) -> Tensor:
    """Choose the int(share * A) tokens of highest covariance, one at the least (KL-Cov, arXiv 2505.22617)."""
    chosen = torch.zeros(len(covariance), dtype=torch.bool)
    chosen[covariance.topk(max(1, int(share * len(covariance)))).indices] = True
    return chosen


def chance_of(batch: Batch) -> torch.Generator:
    """Return a generator that the batch's own tokens seed, so that a run taken up again makes the same choices."""
    return torch.Generator().manual_seed(int(batch.version.sum()) + sum(int(ids.sum()) for ids in batch.sequences))
