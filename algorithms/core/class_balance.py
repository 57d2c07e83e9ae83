"""How is a judge kept from always saying what is most often right? Rare classes weigh more (arXiv 2505.15034)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def class_scale(count: Tensor) -> Tensor:
    """Return 1 / sqrt(count): how much an advantage of a class with so many members weighs. No member counts as one."""
    return count.clamp(min=1.0).rsqrt()


class ClassBalance:
    """Weights of two classes by how many members they had, averaged over rollouts.

    Args:
        decay: how much of the average is kept at each rollout; the first rollout is taken as it is.
    """

    def __init__(self, decay: float) -> None:
        self.decay = decay
        self.counts: list[float] = []

    def of(self, correct: Tensor) -> Tensor:
        """Return the weight (M,) of each trajectory, after taking in this rollout; 1 where the classes are of one size.

        `correct` (M,) says how right what was judged is: its class is whether that is above a half. NaN is of no class,
        and weighs 1.
        """
        known, positive = ~correct.isnan(), correct > 0.5
        now = [float((known & ~positive).sum()), float(positive.sum())]
        before = self.counts or now
        self.counts = [self.decay * old + (1.0 - self.decay) * new for old, new in zip(before, now, strict=True)]
        scale: Tensor = class_scale(torch.tensor(self.counts)) * (sum(now) / 2) ** 0.5
        return torch.where(known, scale[positive.long()], 1.0)

    def state_dict(self) -> dict[str, Any]:
        """Return the averages."""
        return {"counts": list(self.counts)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.counts = list(state["counts"])
