"""GRPO, group relative policy optimisation (DeepSeekMath, arXiv 2402.03300): PPO whose baseline is the group's mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.groups import Baseline, Scale, group_advantage
from syllogym.algorithms.core.kl import kl_loss
from syllogym.algorithms.core.losses import aggregate, clipped


@register()
@dataclass(kw_only=True)
class GRPO(Algorithm):
    """Advantage (R - mean) / std inside each group; clipped surrogate and KL, averaged by sequence."""

    clip: float = 0.2
    kl: float | Coefficient = 0.0
    baseline: Baseline = "mean"
    scale: Scale = "group"
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        outcome = group_advantage(batch.outcome, batch.group, self.baseline, self.scale)
        return Credit(outcome[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        ratio = self.ratio(scores.logprobs, batch)
        loss = clipped(ratio, credit.advantage, self.clip, self.clip)
        loss = loss + self.now(self.kl) * kl_loss(scores.logprobs, batch.reference, ratio=ratio)
        return aggregate(loss, batch, "sequence-mean")
