"""What do methods with a critic share? The settings and the loss of the critic, and the entropy bonus beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.agents.critic import Kind
from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.entropy import entropy
from syllogym.algorithms.core.losses import value_loss


@dataclass(kw_only=True)
class ActorCritic(Algorithm):
    """A method whose policy carries a critic.

    Attributes:
        critic: a ``head`` on the policy's own body, or a ``model`` of its own, which begins as a copy of the policy's.
        value_weight: of the critic's loss beside the policy's.
        value_clip: how far the critic may move from its values at the time of sampling; None for no bound.
        entropy: weight of the bonus on the policy's entropy.
    """

    critic: Kind = "head"
    value_weight: float = 0.5
    value_clip: float | None = None
    entropy: float | Coefficient = 0.0
    needs_critic: ClassVar[bool] = True

    def values(self, batch: Batch) -> Tensor:
        """Return the critic's values at the time of sampling, (A,)."""
        assert batch.values is not None
        return batch.values

    def critic_and_entropy(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        """Return the critic's loss minus the entropy bonus, both weighed, (A,)."""
        assert scores.values is not None and credit.target is not None
        loss = self.value_weight * value_loss(scores.values, self.values(batch), credit.target, self.value_clip)
        bonus = self.now(self.entropy)
        return loss - bonus * entropy(scores) if bonus else loss
