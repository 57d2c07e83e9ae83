"""PPO, proximal policy optimisation with a critic (arXiv 1707.06347), in its RLHF form: a KL penalty in the reward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.estimators import gae, whiten
from syllogym.algorithms.core.kl import penalised
from syllogym.algorithms.core.losses import aggregate, clipped, token_ratio, value_loss


@register()
@dataclass(kw_only=True)
class PPO(Algorithm):
    """GAE over action tokens, whitened; clipped surrogate; clipped value loss."""

    clip: float = 0.2
    kl: float = 0.0
    gamma: float = 1.0
    lam: float = 1.0
    value_clip: float | None = 0.2
    value_weight: float = 0.5
    needs_critic: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        assert batch.values is not None
        advantage, target = gae(penalised(batch, self.kl), batch.values, batch.trajectory, self.gamma, self.lam)
        return Credit(whiten(advantage), target)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        assert batch.proximal is not None and batch.values is not None
        assert scores.values is not None and credit.target is not None
        policy = clipped(token_ratio(scores.logprobs, batch.proximal), credit.advantage, self.clip, self.clip)
        critic = value_loss(scores.values, batch.values, credit.target, self.value_clip)
        return aggregate(policy + self.value_weight * critic, batch, "token")
