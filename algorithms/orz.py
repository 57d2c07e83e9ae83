"""Open-Reasoner-Zero (arXiv 2503.24290): PPO in its plainest form, with no discount, no bootstrapping and no KL."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.agents.critic import Kind
from syllogym.algorithms import register
from syllogym.algorithms.core.actor_critic import ActorCritic
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.returns import gae


@register()
@dataclass(kw_only=True)
class OpenReasonerZero(ActorCritic):
    """GAE with gamma = lambda = 1, which is R - V, whitened over the batch; clipped surrogate; value loss."""

    clip: float = 0.2
    critic: Kind = "model"

    def advantages(self, batch: Batch) -> Credit:
        advantage, target = gae(batch.reward, self.values(batch), batch.trajectory, gamma=1.0, lam=1.0)
        return Credit(whiten(advantage), target)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip)
        return aggregate(loss + self.critic_and_entropy(scores, batch, credit), batch, "token")
