"""REINFORCE (Williams 1992): a token is as good as what came after it, less what a trajectory ordinarily brings."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.baselines import Ordinary, RoleBaseline
from syllogym.algorithms.core.losses import aggregate, reinforce
from syllogym.algorithms.core.returns import returns_to_go


@register()
@dataclass(kw_only=True)
class REINFORCE(Algorithm):
    """Reward-to-go minus a baseline of its role; policy gradient, summed by sequence."""

    gamma: float = 1.0
    baseline: Ordinary = "moving"
    decay: float = 0.9

    def __post_init__(self) -> None:
        super().__post_init__()
        self.ordinary = RoleBaseline(self.baseline, self.decay)

    def advantages(self, batch: Batch) -> Credit:
        returns = returns_to_go(batch.reward, batch.trajectory, self.gamma)
        return Credit(returns - self.ordinary.of(batch)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(reinforce(scores.logprobs, credit.advantage), batch, "sequence-sum")
