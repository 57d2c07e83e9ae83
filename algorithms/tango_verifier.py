"""TANGO's verifier (arXiv 2505.15034): GRPO in which verdicts on the rarer kind of solution weigh more."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit
from syllogym.algorithms.core.class_balance import ClassBalance
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.grpo import GRPO


@register()
@dataclass(kw_only=True)
class TANGOVerifier(GRPO):
    """GRPO's advantage times 1 / sqrt(count) of the class, right or wrong, that the judged solution belongs to."""

    decay: float = 0.8
    reweight: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self.classes = ClassBalance(self.decay)

    def advantages(self, batch: Batch) -> Credit:
        advantage = group_advantage(batch.outcome, batch.group, self.baseline, self.scale)
        if self.reweight and batch.others is not None:
            advantage = advantage * self.classes.of(batch.others)
        return Credit(advantage[batch.trajectory])
