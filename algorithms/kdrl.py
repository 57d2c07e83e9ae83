"""KDRL (arXiv 2506.02208): GRPO, and distillation by the reverse KL to a teacher on the student's own replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.filters import raw_metric
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.kl import kl_loss
from syllogym.algorithms.core.losses import aggregate, clipped


@register()
@dataclass(kw_only=True)
class KDRL(Algorithm):
    """Token mean; the KL (k2) weighs `distil`, less `anneal` by the end of the run, but never below `distil_min`."""

    clip: float = 0.2
    distil: float = 0.005
    distil_min: float = 0.0
    anneal: float = 0.0
    distil_on: Literal["all", "wrong"] = "all"
    needs_groups: ClassVar[bool] = True
    needs_teacher: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        return Credit(group_advantage(batch.outcome, batch.group)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        assert batch.teacher is not None
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip)
        distilled = (raw_metric(batch) <= 0)[batch.trajectory] if self.distil_on == "wrong" else 1.0
        weight = max(self.distil - self.anneal * self.progress, self.distil_min)
        return aggregate(loss + weight * distilled * kl_loss(scores.logprobs, batch.teacher, "k2"), batch, "token")
