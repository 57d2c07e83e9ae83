"""CISPO (MiniMax-M1, arXiv 2506.13585): DAPO that clips the importance weight, so that no token loses its gradient."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.losses import aggregate, cispo
from syllogym.algorithms.dapo import DAPO


@register()
@dataclass(kw_only=True)
class CISPO(DAPO):
    """The policy gradient under a detached ratio of at most 1 + clip_high; a `clip` of 1 is no bound below."""

    clip: float = 1.0

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        ratio = self.ratio(scores.logprobs, batch)
        return aggregate(cispo(scores.logprobs, ratio, credit.advantage, self.clip, self.clip_high), batch, "token")
