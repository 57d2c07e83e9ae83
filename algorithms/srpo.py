"""SRPO (arXiv 2504.14286): two stages, and epochs that leave out what every reply solved in the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Algorithm, Batch, Credit, Scores
from syllogym.algorithms.core.filters import uncut
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.losses import aggregate, clipped


@register()
@dataclass(kw_only=True)
class SRPO(Algorithm):
    """GRPO's advantage, zero for replies that were cut; clip-higher, token mean. Its stages are the environment's."""

    clip: float = 0.2
    clip_high: float = 0.28
    filter_cut: bool = True
    needs_groups: ClassVar[bool] = True

    def keep(self, history: Mapping[int, Sequence[bool]]) -> list[int]:
        return [instance for instance, solved in history.items() if not all(solved)]

    def advantages(self, batch: Batch) -> Credit:
        advantage = group_advantage(batch.outcome, batch.group)[batch.trajectory]
        return Credit(advantage * uncut(batch) if self.filter_cut else advantage)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip_high)
        return aggregate(loss, batch, "token")
