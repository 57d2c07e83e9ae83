"""Do all methods with a ratio agree with the plain policy gradient where the policy has not moved yet?"""

from __future__ import annotations

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.cispo import CISPO
from syllogym.algorithms.clip_cov import ClipCov
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.losses import Aggregation, aggregate, reinforce
from syllogym.algorithms.dapo import DAPO
from syllogym.algorithms.gmpo import GMPO
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.gspo import GSPO
from syllogym.algorithms.high_entropy import HighEntropy
from syllogym.algorithms.kl_cov import KLCov
from syllogym.algorithms.sapo import SAPO
from tests.algorithms.flat import batch_of, flat

_LOGPROBS = [[-1.0, -0.3, -2.0], [-0.7, -1.5, 0.0]]
_MASK = [[1, 1, 1], [1, 1, 0]]


@pytest.mark.parametrize(
    ("method", "how"),
    [
        (DAPO(), "token"),
        (CISPO(), "token"),
        (HighEntropy(), "token"),
        (ClipCov(), "token"),
        (KLCov(), "token"),
        (GRPO(), "sequence-mean"),
        (GSPO(), "sequence-mean"),
        (GSPO(per_token=True), "sequence-mean"),
        (GMPO(), "sequence-mean"),
        (SAPO(), "sequence-mean"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_where_the_policy_has_not_moved_the_gradient_is_the_policy_gradient(
    method: Algorithm, how: Aggregation
) -> None:
    batch = batch_of(_MASK, proximal=_LOGPROBS)
    logprobs = flat(_LOGPROBS, _MASK).requires_grad_()
    credit = Credit(flat([1.0, -0.5])[batch.sequence], chosen=torch.ones(5).bool())
    (found,) = torch.autograd.grad(method.loss(Scores(logprobs, torch.zeros(5)), batch, credit), logprobs)
    (wanted,) = torch.autograd.grad(aggregate(reinforce(logprobs, credit.advantage), batch, how), logprobs)
    torch.testing.assert_close(found, wanted)
