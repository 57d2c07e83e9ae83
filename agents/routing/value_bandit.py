"""What is a model worth on a question, learnt from the replies that were paid for? Value learning from a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from syllogym.agents.routing import router
from syllogym.agents.routing.bandit import Asked, Bandit
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


@router()
@dataclass(kw_only=True)
class ValueBandit(Bandit):
    """Regresses the quality of the model that was asked, each ask weighted by the inverse of its probability.

    It asks greedily at its price, and any model with probability `explore`. All rounds are learnt from after each one.
    """

    explore: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.explore <= 1:
            raise UserError(f"value_bandit.explore is above 0 and at most 1; it is {self.explore}.")

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Play the rounds from an empty log."""
        self._log: list[Asked] = []
        super().learn(table, seed)

    def chances(self, said: Tensor) -> Tensor:
        """Explore evenly; else the best at the price."""
        worth = said.sigmoid() - self.price * torch.from_numpy(self.costs).float()
        chances = torch.full_like(worth, self.explore / worth.shape[1])
        chances[torch.arange(len(worth)), worth.argmax(dim=1)] += 1 - self.explore
        return chances

    def improve(self, seen: Tensor, asked: Asked) -> None:
        """Pass over the log, a mini-batch of questions at a time, every ask of which counts."""
        self._log.append(asked)
        model, chance, quality = (
            torch.stack([getattr(one, key) for one in self._log], dim=1) for key in ("model", "chance", "quality")
        )
        weight = (1 / chance).clamp(max=self.most)
        weight = weight / weight.mean()
        self._network.train()
        for rows in torch.randperm(len(seen)).split(64):
            told = self._network(seen[rows]).gather(1, model[rows])
            loss = binary_cross_entropy_with_logits(told, quality[rows], weight[rows])
            self._optimiser.zero_grad()
            loss.backward()
            self._optimiser.step()

    def values(self, questions: Sequence[str]) -> Array:
        """Return the probabilities of being right."""
        return 1 / (1 + np.exp(-self.logits(questions)))
