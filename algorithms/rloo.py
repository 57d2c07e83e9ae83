"""RLOO (arXiv 2402.14740): REINFORCE with the mean of the group's other replies as baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.kl import penalised
from syllogym.algorithms.core.losses import aggregate, reinforce
from syllogym.algorithms.core.returns import outcomes


@register()
@dataclass(kw_only=True)
class RLOO(Algorithm):
    """Advantage R - mean of the others, KL in R; the whole reply is one action: policy gradient, summed by sequence."""

    kl: float | Coefficient = 0.0
    needs_groups: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        outcome = outcomes(penalised(batch, self.now(self.kl)), batch.trajectory)
        advantage = group_advantage(outcome, batch.group, "leave_one_out", "none")
        return Credit(advantage[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(reinforce(scores.logprobs, credit.advantage), batch, "sequence-sum")
