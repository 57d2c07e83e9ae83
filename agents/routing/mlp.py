"""What does a small network make of a question? One hidden layer, and every model's quality at once."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from syllogym.agents.routing import router
from syllogym.agents.routing.network import perceptron
from syllogym.agents.routing.supervised import Supervised
from syllogym.envs.routing.table import Array
from syllogym.errors import check_range


@router()
@dataclass(kw_only=True)
class Mlp(Supervised):
    """`width` is that of the hidden layer, of which a share of `dropout` is left out while learning."""

    width: int = 64
    dropout: float = 0.3

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("mlp.width", self.width, 1, 100_000)

    def network(self, inputs: int, quality: Array) -> nn.Module:
        """Return a perceptron."""
        return perceptron(inputs, self.width, quality, self.dropout)
