"""GRPO done right, Dr.GRPO (arXiv 2503.20783): neither hard and easy prompts nor long replies weigh differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.groups import Baseline, group_advantage
from syllogym.algorithms.core.kl import kl_loss
from syllogym.algorithms.core.losses import aggregate, clipped


@register()
@dataclass(kw_only=True)
class DrGRPO(Algorithm):
    """Advantage R - mean inside each group; clipped surrogate and KL, summed by sequence, over a constant length."""

    clip: float = 0.2
    kl: float | Coefficient = 0.0
    baseline: Baseline = "mean"
    length: int = 64
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        outcome = group_advantage(batch.outcome, batch.group, self.baseline, "none")
        return Credit(outcome[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        ratio = self.ratio(scores.logprobs, batch)
        loss = clipped(ratio, credit.advantage, self.clip, self.clip)
        loss = loss + self.now(self.kl) * kl_loss(scores.logprobs, batch.reference, ratio=ratio)
        return aggregate(loss, batch, "constant", self.length)
