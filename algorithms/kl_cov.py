"""KL-Cov (arXiv 2505.22617): DAPO without a ratio clip that holds a few tokens which would collapse the entropy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.selectors import covariance, kl_cov
from syllogym.algorithms.dapo import DAPO


@register()
@dataclass(kw_only=True)
class KLCov(DAPO):
    """The `share` of the tokens with the highest covariance pay `beta` times their distance from the old policy."""

    clip: float = math.inf
    clip_high: float = math.inf
    share: float = 2e-3
    beta: float = 1.0
    needs_current: ClassVar[bool] = True

    def refine(self, logprobs: Tensor, batch: Batch, credit: Credit) -> Credit:
        return credit._replace(chosen=kl_cov(covariance(credit.advantage, logprobs, credit.keep), self.share))

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        assert batch.proximal is not None and credit.chosen is not None
        loss = clipped(self.ratio(scores.logprobs, batch), credit.advantage, self.clip, self.clip_high)
        held = self.beta * (scores.logprobs - batch.proximal).abs() * credit.chosen
        return aggregate(loss + held, batch, "token")
