"""What is an ordinary return? Baselines from the whole rollout and from earlier ones, and whitening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.groups import Groups

Ordinary = Literal["none", "moving", "batch"]


def whiten(advantage: Tensor, eps: float = 1e-8, ddof: int = 1) -> Tensor:
    """Shift and scale to mean 0 and variance 1 over all action tokens of the rollout: (x - mean) / sqrt(var + eps)."""
    if len(advantage) < 2 or bool((advantage == advantage[0]).all()):
        return torch.zeros_like(advantage)
    return (advantage - advantage.mean()) / (advantage.var(correction=ddof) + eps).sqrt()


class RoleBaseline:
    """Each role's ordinary return. Roles of one game differ in what they can win; one average would praise the luckier.

    Args:
        kind: ``none`` expects zero; ``batch`` the mean of the rollout, which shrinks the gradient by 1 / M, since an
            outcome is compared with itself, too; ``moving`` an exponential average over rollouts (arXiv 2506.24119).
        decay: how much of the moving average is kept at each rollout.
    """

    def __init__(self, kind: Ordinary, decay: float) -> None:
        self.kind = kind
        self.decay = decay
        self.means: dict[str, float] = {}

    def of(self, batch: Batch) -> Tensor:
        """Return the baseline (M,) of each trajectory, and take the outcomes in for the next rollout.

        The moving average holds earlier rollouts alone, so it does not depend on the actions it judges. Only a role
        that was never seen is compared with the mean of its own first rollout.
        """
        if self.kind == "none":
            return torch.zeros_like(batch.outcome)
        baseline = Groups(batch.role).mean(batch.outcome)
        if self.kind == "moving":
            for number in batch.role.unique().tolist():
                mine, name = batch.role == number, batch.roles[number]
                now = float(baseline[mine][0])
                before = self.means.get(name, now)
                baseline[mine] = before
                self.means[name] = self.decay * before + (1.0 - self.decay) * now
        return baseline

    def state_dict(self) -> dict[str, Any]:
        """Return the averages by role."""
        return dict(self.means)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.means = dict(state)
