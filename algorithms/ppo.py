"""PPO, proximal policy optimisation with a critic (arXiv 1707.06347), in its RLHF form: a KL penalty in the reward."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.actor_critic import ActorCritic
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.kl import penalised
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.returns import gae


@register()
@dataclass(kw_only=True)
class PPO(ActorCritic):
    """GAE over action tokens, whitened; clipped surrogate; clipped value loss."""

    clip: float = 0.2
    dual: float | None = None
    kl: float | Coefficient = 0.0
    gamma: float = 1.0
    lam: float = 1.0
    value_clip: float | None = 0.2

    def advantages(self, batch: Batch) -> Credit:
        reward = penalised(batch, self.now(self.kl))
        advantage, target = gae(reward, self.values(batch), batch.trajectory, self.gamma, self.lam)
        return Credit(whiten(advantage), target)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip, self.dual)
        return aggregate(loss + self.critic_and_entropy(scores, batch, credit), batch, "token")
