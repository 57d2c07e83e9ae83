"""REINFORCE++ (arXiv 2501.03262): no critic, no group; returns whitened over the whole batch, KL in the reward."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.kl import penalised
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.returns import returns_to_go


@register()
@dataclass(kw_only=True)
class ReinforcePP(Algorithm):
    """Reward-to-go, normalised over all tokens of the batch; PPO's clipped surrogate, averaged by token."""

    clip: float = 0.2
    kl: float | Coefficient = 0.0
    gamma: float = 1.0

    def advantages(self, batch: Batch) -> Credit:
        reward = penalised(batch, self.now(self.kl))
        return Credit(whiten(returns_to_go(reward, batch.trajectory, self.gamma)))

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip)
        return aggregate(loss, batch, "token")
