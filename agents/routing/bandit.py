"""How does a router learn when it sees only the replies it paid for? Asks of a table, one model a question, and a log.

A contextual bandit: the question is the context, a model the arm, quality - price x cost the reward. What the other
models would have said stays unknown, so a question that a model was asked with probability p counts 1 / p.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from syllogym.agents.routing.features import features_of
from syllogym.agents.routing.fitted import Fitted
from syllogym.agents.routing.network import perceptron, said, tensor
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, check_range


@dataclass(frozen=True)
class Asked:
    """One ask of every training question: the model (N,), and with what probability, quality and dollars, (N,)."""

    model: Tensor
    chance: Tensor
    quality: Tensor
    cost: Tensor


@dataclass(kw_only=True)
class Bandit(Fitted):
    """Asks in rounds and learns after each.

    Attributes:
        price: of money while learning, in quality a dollar. asks: rounds; a question is asked once in each.
        dimensions, width: of the features and the network's hidden layer. most: weight of one ask.
    """

    price: float = 0.0
    asks: int = 20
    dimensions: int = 64
    width: int = 64
    most: float = 20.0

    def __post_init__(self) -> None:
        for key in ("asks", "dimensions", "width"):
            check_range(f"{self.name}.{key}", getattr(self, key), 1, 100_000)
        if self.price < 0 or self.most < 1:
            raise UserError(f"{self.name} needs price >= 0 and most >= 1; not {self.price} and {self.most}.")

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Play the rounds. Nothing of the table is looked at but the cells that were asked."""
        self._features = features_of(table.questions, self.dimensions)
        seen = tensor(self._features(table.questions))
        self._spent, self._calls = np.zeros(len(table.cards)), np.zeros(len(table.cards))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            nothing_known = np.full((1, len(table.cards)), 0.5)
            self._network = perceptron(seen.shape[1], self.width, nothing_known, dropout=0.2)
            self._optimiser = torch.optim.AdamW(self._network.parameters(), lr=2e-3, weight_decay=0.01)
            for _ in range(self.asks):
                self.improve(seen, self._ask(table, seen))

    def _ask(self, table: RoutingTable, seen: Tensor) -> Asked:
        with torch.no_grad():
            chances = self.chances(self._network.eval()(seen))
        model = torch.multinomial(chances, 1)[:, 0]
        rows, columns = np.arange(len(table)), model.numpy()
        quality, cost = table.quality[rows, columns], table.cost[rows, columns]
        np.add.at(self._spent, columns, cost)
        np.add.at(self._calls, columns, 1)
        return Asked(model, chances.gather(1, model[:, None])[:, 0], tensor(quality), tensor(cost))

    @property
    def costs(self) -> Array:
        """(M,) mean dollars of the calls so far; 0 for a model that was never asked."""
        mean: Array = self._spent / np.maximum(self._calls, 1)
        return mean

    @abstractmethod
    def chances(self, said: Tensor) -> Tensor:
        """Return the probability (N, M) of asking each model, given the network's output (N, M)."""

    @abstractmethod
    def improve(self, seen: Tensor, asked: Asked) -> None:
        """Learn from the last round: questions' features (N, D), and what was asked of them."""

    def logits(self, questions: Sequence[str]) -> Array:
        """Return the network's output (N, M)."""
        return said(self._network, self._features(questions))
