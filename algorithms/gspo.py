"""GSPO, group sequence policy optimisation (arXiv 2507.18071): GRPO whose ratio and clip are of whole sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate, clipped, own_gradient, sequence_ratio


@register()
@dataclass(kw_only=True)
class GSPO(Algorithm):
    """Advantage (R - mean) / std inside each group; the geometric mean of a sequence's ratios clipped, by sequence."""

    clip: float = 3e-4
    clip_high: float = 4e-4
    per_token: bool = False
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        return Credit(group_advantage(batch.outcome, batch.group)[batch.trajectory])

    def ratio(self, logprobs: Tensor, batch: Batch) -> Tensor:
        assert batch.proximal is not None
        ratio = sequence_ratio(logprobs, batch.proximal, batch.sequence)
        return own_gradient(ratio, logprobs) if self.per_token else ratio

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip_high)
        return aggregate(loss, batch, "sequence-mean")
