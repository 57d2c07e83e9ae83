"""A2C, advantage actor-critic (arXiv 1602.01783): REINFORCE whose returns and baseline come from a critic."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.actor_critic import ActorCritic
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.losses import aggregate, reinforce
from syllogym.algorithms.core.returns import gae, n_step


@register()
@dataclass(kw_only=True)
class A2C(ActorCritic):
    """GAE, or returns of `steps` tokens; policy gradient, critic and entropy bonus, averaged by token."""

    gamma: float = 1.0
    lam: float = 1.0
    steps: int | None = None
    entropy: float | Coefficient = 0.01

    def advantages(self, batch: Batch) -> Credit:
        if self.steps is None:
            return Credit(*gae(batch.reward, self.values(batch), batch.trajectory, self.gamma, self.lam))
        return Credit(*n_step(batch.reward, self.values(batch), batch.trajectory, self.gamma, self.steps))

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = reinforce(scores.logprobs, credit.advantage) + self.critic_and_entropy(scores, batch, credit)
        return aggregate(loss, batch, "token")
