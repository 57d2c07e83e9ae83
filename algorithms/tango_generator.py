"""TANGO's generator (arXiv 2505.15034): GRPO on the outcome, and beside it on what a verifier says of each step."""

from __future__ import annotations

from dataclasses import dataclass, field

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.groups import group_advantage, process_advantage
from syllogym.algorithms.core.returns import outcomes
from syllogym.algorithms.grpo import GRPO


def _fading() -> Coefficient:
    return Coefficient(coefficient=0.1, schedule="exponential", end=1e-3)


@register()
@dataclass(kw_only=True)
class TANGOGenerator(GRPO):
    """(1 - alpha) A_outcome + alpha A_steps, each normalised in its group; a step counts for tokens up to its end."""

    alpha: float | Coefficient = field(default_factory=_fading)

    def advantages(self, batch: Batch) -> Credit:
        if batch.process is None:  # nobody judged a step
            return super().advantages(batch)
        steps, paid = ~batch.process.isnan(), batch.process.nan_to_num()
        outcome = (batch.outcome.double() - outcomes(paid.double(), batch.trajectory)).round(decimals=6)
        whole = group_advantage(outcome, batch.group, self.baseline, self.scale)[batch.trajectory].to(paid)
        of_steps = process_advantage(paid, steps, batch.trajectory, batch.group, self.baseline, self.scale)
        alpha = self.now(self.alpha)
        return Credit((1.0 - alpha) * whole + alpha * of_steps)
