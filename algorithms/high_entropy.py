"""Beyond the 80/20 rule (arXiv 2506.01939): DAPO that learns from the fifth of the tokens it is least sure of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit
from syllogym.algorithms.core.selectors import above_quantile, top_entropy
from syllogym.algorithms.dapo import DAPO


@register()
@dataclass(kw_only=True)
class HighEntropy(DAPO):
    """Only the `share` of a rollout's tokens with the highest entropy at sampling count: the forking tokens."""

    share: float = 0.2
    variant: Literal["authors", "trl"] = "authors"
    needs_proximal: ClassVar[bool] = True

    def advantages(self, batch: Batch) -> Credit:
        assert batch.entropy is not None
        credit = super().advantages(batch)
        among = torch.ones(len(batch), dtype=torch.bool) if credit.keep is None else credit.keep
        choose = top_entropy if self.variant == "authors" else above_quantile
        forking = among.masked_scatter(among, choose(batch.entropy[among], self.share))
        if self.variant == "authors":
            return credit._replace(keep=forking)
        return credit._replace(advantage=credit.advantage * forking)  # TRL still divides by all tokens
