"""What is learnt when every model's quality on every training question is known? Regression by a small network."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from syllogym.agents.routing.features import features_of
from syllogym.agents.routing.fitted import Fitted
from syllogym.agents.routing.network import fit, said, tensor
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, check_range


@dataclass(kw_only=True)
class Supervised(Fitted):
    """The loss is the cross-entropy between what is expected and the quality that was seen.

    Attributes:
        dimensions: of the features, of words and of letters each. epochs: passes over the training questions, at most;
            an eighth of them say when to stop. decay: how strongly weights are drawn to 0.
    """

    dimensions: int = 64
    epochs: int = 40
    decay: float = 0.01

    def __post_init__(self) -> None:
        check_range(f"{self.name}.dimensions", self.dimensions, 1, 10_000)
        check_range(f"{self.name}.epochs", self.epochs, 1, 100_000)
        if self.decay < 0:
            raise UserError(f"{self.name}.decay is 0 or more; it is {self.decay}.")

    @abstractmethod
    def network(self, inputs: int, quality: Array) -> nn.Module:
        """Return a new network from features (B, inputs) to the models' logits (B, M)."""

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Fit the features, then the network."""
        self._features = features_of(table.questions, self.dimensions)
        seen, quality = tensor(self._features(table.questions)), tensor(table.quality)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self._network = self.network(seen.shape[1], table.quality)
            fit(
                self._network,
                seen,
                lambda logits, rows: binary_cross_entropy_with_logits(logits, quality[rows]),
                epochs=self.epochs,
                decay=self.decay,
                held=len(table) // 8,
            )

    def values(self, questions: Sequence[str]) -> Array:
        """Return the network's probabilities."""
        return 1 / (1 + np.exp(-said(self._network, self._features(questions))))
