"""DQN, deep Q-network (arXiv 1312.5602): Q-learning with a network, a replay buffer and a target network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor
from torch.nn.functional import l1_loss, smooth_l1_loss

from syllogym.algorithms import register
from syllogym.algorithms.core.q_targets import best_worth, conservatism
from syllogym.algorithms.core.value_method import NetworkMethod


@register()
@dataclass(kw_only=True)
class DQN(NetworkMethod):
    """Error to r + gamma Q_target(s', best), which with `double` (arXiv 1509.06461) the learning network chooses.

    `conservative` adds CQL's penalty (arXiv 2006.04779) on replies that stand out without having been tried.
    """

    double: bool = True
    error: Literal["huber", "l1"] = "huber"

    def target(self, reward: Tensor, next_target: Tensor, next_online: Tensor) -> Tensor:
        return reward + self.gamma * best_worth(next_target, next_online if self.double else None)

    def loss(self, values: Tensor, taken: Tensor, target: Tensor) -> Tensor:
        said = values.gather(-1, taken[:, None])[:, 0]
        loss = smooth_l1_loss(said, target) if self.error == "huber" else l1_loss(said, target)
        return loss + self.conservative * conservatism(values, taken).mean() if self.conservative else loss
