"""Does a method's loss have the gradient that finite differences give?"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm, Credit
from tests.algorithms.flat import batch_of

_MASK = [[1, 1, 1], [1, 1, 0]]
_TOKENS = torch.tensor([[0], [3], [1], [2], [3]])


def agrees_with_differences(algorithm: Algorithm, *, critic: bool = False) -> None:
    """Check the gradient with respect to logits (and values), inside the clip range and outside it."""
    logits = torch.linspace(-1.0, 1.0, 20, dtype=torch.float64).sin().reshape(5, 4)
    now = logits.log_softmax(-1).gather(-1, _TOKENS)[:, 0]
    # ratios 1.05, 1.5, 0.95, 0.5 and 1.01 against advantages of both signs: none stands at a kink
    batch = batch_of(_MASK, values=[[0.1, 0.2, 0.3], [0.4, 0.5, 0.0]])
    batch.proximal = now - torch.tensor([1.05, 1.5, 0.95, 0.5, 1.01], dtype=torch.float64).log()
    batch.teacher = batch.proximal.flip(0)
    batch.demonstrated = torch.tensor([False, algorithm.needs_demonstrations])
    values = torch.tensor([0.15, 0.9, -0.4, 0.45, 0.52], dtype=torch.float64)
    credit = Credit(
        torch.tensor([1.0, 1.0, -1.0, -2.0, 0.5], dtype=torch.float64),
        torch.tensor([1.0, 0.5, 1.0, 0.0, -1.0], dtype=torch.float64) if critic else None,
        chosen=torch.tensor([True, False, True, False, True]),
    )

    def loss(logits: Tensor, values: Tensor) -> Tensor:
        every = logits.log_softmax(-1)
        scores = Scores(every.gather(-1, _TOKENS)[:, 0], torch.zeros(5), values if critic else None, every)
        return algorithm.loss(scores, batch, credit)

    inputs = (logits.requires_grad_(), values.requires_grad_(critic))
    assert torch.autograd.gradcheck(loss, inputs)


def expected_gradient(logits: Tensor, loss: Callable[[Tensor], Tensor], sampler: Tensor | None = None) -> Tensor:
    """Return the gradient of a loss of sampled tokens, in expectation over all tokens of a categorical.

    The tokens are those of the policy itself, or of the probabilities `sampler` where it is given.
    """
    logits = logits.clone().requires_grad_()
    logprobs = logits.log_softmax(0)
    weight = logprobs.detach().exp() if sampler is None else sampler
    return torch.autograd.grad((weight * loss(logprobs)).sum(), logits)[0]
