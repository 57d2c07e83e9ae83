"""SAPO, soft adaptive policy optimisation (arXiv 2511.20347): GRPO with a smooth gate in the place of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate, gated


@register()
@dataclass(kw_only=True)
class SAPO(Algorithm):
    """Advantage (R - mean) / std inside each group; a sigmoid gate, narrower for negative advantages, by sequence."""

    tau_positive: float = 1.0
    tau_negative: float = 1.05
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        return Credit(group_advantage(batch.outcome, batch.group)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        ratio = self.ratio(scores.logprobs, batch)
        return aggregate(gated(ratio, credit.advantage, self.tau_positive, self.tau_negative), batch, "sequence-mean")
