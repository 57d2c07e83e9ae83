"""GRPO with process supervision (DeepSeekMath, arXiv 2402.03300, section 4.1.3): a reward for every turn."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit
from syllogym.algorithms.core.groups import process_advantage
from syllogym.algorithms.grpo import GRPO


@register()
@dataclass(kw_only=True)
class ProcessGRPO(GRPO):
    """Turns' rewards normalised inside each group; a token's advantage is the sum of those paid from it on."""

    def advantages(self, batch: Batch) -> Credit:
        rewards = batch.reward, batch.last, batch.trajectory, batch.group
        return Credit(process_advantage(*rewards, self.baseline, self.scale))
