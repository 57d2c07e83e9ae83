"""SFT, supervised fine-tuning: imitate demonstrations. The warm-up before reinforcement learning."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.losses import aggregate


@register()
@dataclass(kw_only=True)
class SFT(Algorithm):
    """Cross-entropy of the demonstrated tokens, each weighing the same."""

    def advantages(self, batch: Batch) -> Credit:
        return Credit(torch.ones(len(batch)))

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(-credit.advantage * scores.logprobs, batch, "token")
