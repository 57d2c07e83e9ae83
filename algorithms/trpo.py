"""TRPO, trust region policy optimisation (arXiv 1502.05477): the largest step whose mean KL stays below a bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate
from syllogym.algorithms.core.natural_gradient import TrustRegion


@register()
@dataclass(kw_only=True)
class TRPO(Algorithm):
    """Advantage R - mean of the group; natural gradient, and a line search instead of a learning rate."""

    delta: float = 0.01
    damping: float = 0.1
    iterations: int = 10
    shrink: float = 0.8
    tries: int = 10
    needs_groups: ClassVar[bool] = True
    needs_proximal: ClassVar[bool] = True

    @property
    def trust_region(self) -> TrustRegion:
        return TrustRegion(self.delta, self.damping, self.iterations, self.shrink, self.tries)

    def advantages(self, batch: Batch) -> Credit:
        return Credit(group_advantage(batch.outcome, batch.group, scale="none")[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(-credit.advantage * self.ratio(scores.logprobs, batch), batch, "token")
