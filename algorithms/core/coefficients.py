"""How much does a term of the objective weigh as the run goes on? A fixed, a scheduled or a steered coefficient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from syllogym.errors import UserError

Schedule = Literal["constant", "linear", "cosine"]
"""How something goes to zero."""

_STEER = 0.2
"""A steered coefficient changes by at most this share within a horizon of one rollout (arXiv 1909.08593)."""


def fade(done: float, schedule: Schedule) -> float:
    """Return what is left, from 1 to 0, when a share `done` of the way lies behind."""
    if schedule == "constant":
        return 1.0
    return 1.0 - done if schedule == "linear" else 0.5 * (1.0 + math.cos(math.pi * done))


@dataclass(kw_only=True)
class Coefficient:
    """The weight of a KL or entropy term. A scenario writes ``kl: 0.05``, or ``kl: {coefficient: 0.2, target: 6}``.

    Attributes:
        coefficient: the weight at the beginning.
        schedule, end: it goes to `end` by the last step, ``linear``, ``cosine``, or ``exponential`` by equal factors;
            ``constant`` stays.
        target: what the term itself is steered to: nats of KL in a whole trajectory (arXiv 1909.08593), or nats of
            entropy of a token. The weight rises while there is too much KL, or too little entropy.
        horizon: trajectories in which a steered weight may change by a fifth.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    coefficient: float
    schedule: Schedule | Literal["exponential"] = "constant"
    end: float = 0.0
    target: float | None = None
    horizon: int = 10_000

    def __post_init__(self) -> None:
        self.factor = 1.0
        if self.schedule == "exponential" and (self.coefficient <= 0 or self.end <= 0):
            raise UserError(
                "A coefficient that changes exponentially needs coefficient and end above 0; they are "
                f"{self.coefficient} and {self.end}."
            )
        if self.target is not None and (self.target <= 0 or self.coefficient <= 0 or self.horizon < 1):
            raise UserError(
                f"A steered coefficient needs target and coefficient above 0 and a horizon of at least 1; they are "
                f"{self.target}, {self.coefficient} and {self.horizon}."
            )

    @property
    def active(self) -> bool:
        """Whether the term ever weighs anything."""
        return self.coefficient != 0.0 or (self.schedule != "constant" and self.end != 0.0)

    def at(self, progress: float) -> float:
        """Return the weight when a share `progress` of the run is over."""
        if self.schedule == "exponential":
            return float(self.factor * self.coefficient * (self.end / self.coefficient) ** progress)
        left = fade(progress, self.schedule)
        return self.factor * (left * self.coefficient + (1.0 - left) * self.end)

    def steer(self, excess: float, trajectories: int) -> None:
        """Raise the weight after a rollout in which the term missed its target by the share `excess`; lower it if < 0.

        The weight is multiplied by 1 + clip(excess, -0.2, 0.2) * trajectories / horizon (arXiv 1909.08593).
        """
        self.factor *= 1.0 + min(max(excess, -_STEER), _STEER) * trajectories / self.horizon

    def state_dict(self) -> dict[str, Any]:
        """Return how far the weight was steered."""
        return {"factor": self.factor}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.factor = state["factor"]
