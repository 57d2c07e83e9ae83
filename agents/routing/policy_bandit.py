"""Which model to ask, learnt from rewards alone? Policy gradient on quality - price x cost of what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from syllogym.agents.routing import router
from syllogym.agents.routing.bandit import Asked, Bandit
from syllogym.envs.routing.table import Array
from syllogym.errors import UserError, check_range


@router()
@dataclass(kw_only=True)
class PolicyBandit(Bandit):
    """REINFORCE with the round's mean reward as baseline, and entropy worth `temperature`.

    Each round is passed over `passes` times; after the first step an ask counts by how much likelier it has become.
    With entropy the best policy is softmax((quality - price x cost) / temperature), which is read backwards to expect
    a quality, up to one number a question: at its own price the choice is what the policy likes best.
    """

    asks: int = 60
    temperature: float = 0.05
    passes: int = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("policy_bandit.passes", self.passes, 1, 1000)
        if self.temperature <= 0:
            raise UserError(f"policy_bandit.temperature is above 0; it is {self.temperature}.")

    def chances(self, said: Tensor) -> Tensor:
        """Return the policy."""
        return said.softmax(dim=1)

    def improve(self, seen: Tensor, asked: Asked) -> None:
        """Climb the reward, weighted by how much likelier an ask is than when it was made."""
        reward = asked.quality - self.price * asked.cost
        advantage = reward - reward.mean()
        self._network.train()
        for _ in range(self.passes):
            for rows in torch.randperm(len(seen)).split(64):
                log = self._network(seen[rows]).log_softmax(dim=1)
                taken = log.gather(1, asked.model[rows, None])[:, 0]
                weight = (taken.exp() / asked.chance[rows]).clamp(max=self.most)
                entropy = -(log.exp() * log).sum(dim=1)
                loss = -(weight * advantage[rows] + self.temperature * entropy).mean()
                self._optimiser.zero_grad()
                loss.backward()
                self._optimiser.step()

    def values(self, questions: Sequence[str]) -> Array:
        """Return temperature x log-probability + price x cost."""
        log = torch.from_numpy(self.logits(questions)).log_softmax(dim=1)
        expected: Array = self.temperature * log.numpy() + self.price * self.costs
        return expected
