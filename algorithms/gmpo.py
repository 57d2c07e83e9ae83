"""GMPO, geometric-mean policy optimisation (arXiv 2507.20673): GRPO on the geometric mean of a sequence's ratios."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate, bounded_ratio


@register()
@dataclass(kw_only=True)
class GMPO(Algorithm):
    """Advantage (R - mean) / std inside each group; log-ratios of tokens clipped to +-`log_clip`, then averaged."""

    log_clip: float = 0.4
    needs_groups: ClassVar[bool] = True

    @property
    def clip_range(self) -> tuple[float, float]:
        return 1.0 - math.exp(-self.log_clip), math.exp(self.log_clip) - 1.0

    def advantages(self, batch: Batch) -> Credit:
        return Credit(group_advantage(batch.outcome, batch.group)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        assert batch.proximal is not None
        old, advantage = batch.proximal, credit.advantage
        ratio = bounded_ratio(scores.logprobs, old, advantage, batch.sequence, self.log_clip, self.log_clip)
        return aggregate(-advantage * ratio, batch, "sequence-mean")
