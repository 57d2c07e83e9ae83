"""REINFORCE++-baseline (arXiv 2501.03262): REINFORCE++ for groups, their mean as baseline, KL in the loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.kl import kl_loss
from syllogym.algorithms.core.losses import aggregate, clipped


@register()
@dataclass(kw_only=True)
class ReinforcePPBaseline(Algorithm):
    """R - mean of the group, normalised over all tokens of the batch; clipped surrogate and k2, averaged by token."""

    clip: float = 0.2
    kl: float | Coefficient = 0.0
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        outcome = group_advantage(batch.outcome, batch.group, "mean", "none")
        return Credit(whiten(outcome[batch.trajectory]))

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        ratio = self.ratio(scores.logprobs, batch)
        loss = clipped(ratio, credit.advantage, self.clip, self.clip)
        loss = loss + self.now(self.kl) * kl_loss(scores.logprobs, batch.reference, "k2", ratio=ratio)
        return aggregate(loss, batch, "token")
