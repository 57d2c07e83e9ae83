"""DAPO (arXiv 2503.14476): GRPO with a clip range open upwards, mixed groups only, token mean, and care for length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.filters import mixed_groups, raw_metric, uncut
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.rewards import Overlong, reply_lengths


@register()
@dataclass(kw_only=True)
class DAPO(Algorithm):
    """Advantage (R - mean) / std inside each group, clip-higher, token mean; replies that were cut do not count."""

    clip: float = 0.2
    clip_high: float = 0.28
    dynamic_sampling: bool = True
    filter_cut: bool = True
    overlong: Overlong | None = None
    needs_groups: ClassVar[bool] = True

    def informative(self, batch: Batch) -> Tensor:
        return mixed_groups(raw_metric(batch), batch.group) if self.dynamic_sampling else super().informative(batch)

    def advantages(self, batch: Batch) -> Credit:
        punishment = self.overlong.punishment(reply_lengths(batch)) if self.overlong else 0.0
        advantage = group_advantage(batch.outcome + punishment, batch.group)
        return Credit(advantage[batch.trajectory], keep=uncut(batch) if self.filter_cut else None)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip_high)
        return aggregate(loss, batch, "token")
