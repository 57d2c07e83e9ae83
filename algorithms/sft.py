"""SFT, supervised fine-tuning: imitate demonstrations. The warm-up before reinforcement learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.losses import aggregate, reinforce


@register()
@dataclass(kw_only=True)
class SFT(Algorithm):
    """Cross-entropy of the demonstrated tokens; the policy's own replies are not looked at."""

    needs_demonstrations: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        return Credit(torch.ones(len(batch)), keep=batch.demonstrated[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(reinforce(scores.logprobs, credit.advantage), batch, "token")
