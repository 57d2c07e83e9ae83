"""RAFT (arXiv 2304.06767) and RFT (2308.01825), filtered iterative SFT: imitate one's best or right replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.losses import aggregate, reinforce
from syllogym.algorithms.core.rejection import best_of_group, distinct_correct


@register()
@dataclass(kw_only=True)
class RAFT(Algorithm):
    """Cross-entropy of the chosen replies: `best` of each group, or all `correct` ones that differ (RFT)."""

    choose: Literal["best", "correct"] = "best"
    needs_groups: ClassVar[bool] = True

    def informative(self, batch: Batch) -> Tensor:
        return best_of_group(batch) if self.choose == "best" else distinct_correct(batch)

    def advantages(self, batch: Batch) -> Credit:
        return Credit(torch.ones(len(batch)), keep=self.informative(batch)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(reinforce(scores.logprobs, credit.advantage), batch, "token")
