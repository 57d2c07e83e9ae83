"""How many batches does a method take to make a rare, good action as likely as all others together?"""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm, Credit
from tests.algorithms.flat import batch_of


def batches_until_even(method: Algorithm, first: float = 0.01, rate: float = 0.01, most: int = 600) -> int:
    """Raise the one action that `first` says how likely it is; each batch is learnt from until its gradient is gone.

    The expected loss is used, so that nothing is left to chance. `rate` is how far one of at most `most` inner steps
    moves the logit.
    """
    logit = torch.tensor([first], dtype=torch.float64).logit().requires_grad_()
    credit = Credit(torch.ones(1, dtype=torch.float64))
    for batches in range(100):
        old = torch.nn.functional.logsigmoid(logit.detach())
        if old.exp() >= 0.5:
            return batches
        batch = batch_of([[1]], proximal=[old.tolist()])
        for _ in range(most):
            scores = Scores(torch.nn.functional.logsigmoid(logit), torch.zeros(1))
            (gradient,) = torch.autograd.grad(method.loss(scores, batch, credit), logit)
            if gradient == 0:
                break
            logit = (logit - rate * gradient).detach().requires_grad_()
    return 100
