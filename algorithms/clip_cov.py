"""Clip-Cov (arXiv 2505.22617): DAPO without a ratio clip that drops a few tokens which would collapse the entropy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit
from syllogym.algorithms.core.losses import is_clipped
from syllogym.algorithms.core.selectors import chance_of, clip_cov, covariance
from syllogym.algorithms.dapo import DAPO


@register()
@dataclass(kw_only=True)
class ClipCov(DAPO):
    """A random `share` of the tokens whose covariance lies between `cov_low` and `cov_high` teach nothing in a step."""

    clip: float = 1.0
    clip_high: float = 1.0
    share: float = 2e-4
    cov_low: float = 1.0
    cov_high: float = 5.0
    needs_current: ClassVar[bool] = True

    def refine(self, logprobs: Tensor, batch: Batch, credit: Credit) -> Credit:
        free = ~is_clipped(self.ratio(logprobs, batch), credit.advantage, self.clip, self.clip_high)
        among = covariance(credit.advantage, logprobs, credit.keep)
        silent = clip_cov(among, free, self.share, (self.cov_low, self.cov_high), chance_of(batch))
        return credit._replace(advantage=credit.advantage.masked_fill(silent, 0.0))
