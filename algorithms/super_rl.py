"""SuperRL (arXiv 2506.01096): reinforcement where a task's replies earn something, imitation elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.groups import Groups, standing
from syllogym.algorithms.core.losses import aggregate, clipped, reinforce


@register()
@dataclass(kw_only=True)
class SuperRL(Algorithm):
    """Each task has either GRPO's loss or the demonstration's cross-entropy; all tasks weigh the same."""

    clip: float = 0.2
    needs_groups: ClassVar[bool] = True
    needs_demonstrations: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        own, groups = ~batch.demonstrated, Groups(batch.group)
        rewarded = groups.highest(batch.outcome.where(own, 0.0)) > 0
        active = own == rewarded
        advantage = standing(batch.outcome, batch.group, own)
        share = active.sum() / (len(groups.count) * groups.sum(active.to(advantage)))
        return Credit((advantage * share)[batch.trajectory], keep=active[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return aggregate(self.token_losses(scores, batch, credit), batch, "sequence-mean")

    def token_losses(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip)
        imitated = batch.demonstrated[batch.trajectory]
        return torch.where(imitated, reinforce(scores.logprobs, credit.advantage), loss)
