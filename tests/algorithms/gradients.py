"""Does a method's loss have the gradient that finite differences give?"""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm, Credit
from tests.algorithms.flat import batch_of

_MASK = [[1, 1, 1], [1, 1, 0]]


def agrees_with_differences(algorithm: Algorithm, *, critic: bool = False) -> None:
    """Check the gradient with respect to log-probs (and values), inside the clip range and outside it."""
    # ratios 1.05, 1.5, 0.95, 0.5 and 1.0 against advantages of both signs: none stands at a kink
    old = [[-1.0, -1.0, -1.0], [-1.0, -1.0, 0.0]]
    batch = batch_of(_MASK, proximal=old, values=[[0.1, 0.2, 0.3], [0.4, 0.5, 0.0]])
    now = -1.0 + torch.tensor([1.05, 1.5, 0.95, 0.5, 1.01], dtype=torch.float64).log()
    values = torch.tensor([0.15, 0.9, -0.4, 0.45, 0.52], dtype=torch.float64)
    credit = Credit(
        torch.tensor([1.0, 1.0, -1.0, -2.0, 0.5], dtype=torch.float64),
        torch.tensor([1.0, 0.5, 1.0, 0.0, -1.0], dtype=torch.float64) if critic else None,
        chosen=torch.tensor([True, False, True, False, True]),
    )

    def loss(logprobs: Tensor, values: Tensor) -> Tensor:
        return algorithm.loss(Scores(logprobs, torch.zeros(5), values if critic else None), batch, credit)

    inputs = (now.requires_grad_(), values.requires_grad_(critic))
    assert torch.autograd.gradcheck(loss, inputs)
