"""Does a question suit a model? A score of the two as in matrix factorisation (RouteLLM, arXiv 2406.18665)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from syllogym.agents.routing import router
from syllogym.agents.routing.network import tensor
from syllogym.agents.routing.supervised import Supervised
from syllogym.envs.routing.table import Array
from syllogym.errors import check_range


class Bilinear(nn.Module):
    """logit(question x, model m) = w . (v_m * (A x + a)) + b_m, v_m being what is learnt of the model."""

    def __init__(self, inputs: int, rank: int, quality: Array) -> None:
        super().__init__()
        models = quality.shape[1]
        self.question = nn.Linear(inputs, rank)
        self.model = nn.Parameter(torch.randn(models, rank) / rank**0.5)
        self.weight = nn.Parameter(torch.randn(rank) / rank**0.5)
        self.bias = nn.Parameter(tensor(quality.mean(axis=0)).clamp(0.02, 0.98).logit())

    def forward(self, features: Tensor) -> Tensor:
        """Return the logits (B, M)."""
        logits: Tensor = (self.question(features) * self.weight) @ self.model.T + self.bias
        return logits


@router()
@dataclass(kw_only=True)
class MatrixFactorisation(Supervised):
    """Of low `rank`, so that what is learnt from one model helps with the others.

    RouteLLM learns from which of two answers people preferred; here from whether a model was right.
    """

    rank: int = 8
    decay: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("matrix_factorisation.rank", self.rank, 1, 10_000)

    def network(self, inputs: int, quality: Array) -> nn.Module:
        """Return the two factors."""
        return Bilinear(inputs, self.rank, quality)
