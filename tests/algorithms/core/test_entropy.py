"""Is the entropy that of the policy's distribution, with its gradient?"""

from __future__ import annotations

import math

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.entropy import entropy


def scores(logits: torch.Tensor) -> Scores:
    every = logits.log_softmax(-1)
    return Scores(every[:, 0], torch.zeros(len(every)), None, every)


def test_an_even_choice_has_the_logarithm_of_its_number() -> None:
    assert entropy(scores(torch.zeros(1, 8))).item() == pytest.approx(math.log(8))


def test_its_gradient_is_that_of_finite_differences() -> None:
    logits = torch.tensor([[0.5, -1.0, 2.0], [0.0, 0.3, 0.1]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda given: entropy(scores(given)), (logits,))
