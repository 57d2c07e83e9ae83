"""What is a router paid? The quality of what counts, with money as a part of its own beside it.

Costs become rewards in one of three ways. ``linear`` takes so much off for every dollar: q - weight * dollars. The two
others mix quality with a cheapness c in [0, 1]: (1 - weight) * q + weight * c, written as q and what money adds to it,
weight * (c - q), so that the part `correct` stays the quality. For ``budget`` c is the share of the
budget that is left; for ``window`` (Router-R1, arXiv 2506.09033) c = 1 - (sqrt(dollars) - low) / (high - low), where
low and high are the 5 % and 95 % quantiles of the square roots of recent costs; where these are one, c is a half.
Gated, money counts only where something was right: nobody is paid for being cheap and wrong.

Formulas take numbers or whole arrays. A scale is given, never gathered in here, so (seed, options) determines what an
episode is paid; who gathers it is `CostWindow`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from syllogym.envs.values import Reward
from syllogym.errors import UserError, check_choice

WAYS = ("linear", "budget", "window")
"""How dollars become a part of the reward."""

Scale = tuple[float, float]
"""Square roots of dollars: from where on a call counts as cheap as can be, and as dear as can be."""


@dataclass(frozen=True, slots=True)
class Pay:
    """What counts how much.

    Attributes:
        way: one of `WAYS`. weight: reward taken off for a dollar (linear), or the share in [0, 1] that money has.
        gated: money counts only where the quality is above 0.
        budget: dollars, needed for `budget`. scale: needed for `window`.
    """

    way: str = "linear"
    weight: float = 0.0
    gated: bool = False
    budget: float | None = None
    scale: Scale = (0.0, 0.0)

    def __post_init__(self) -> None:
        check_choice("The way that costs are paid", self.way, WAYS)
        high = float("inf") if self.way == "linear" else 1.0
        if not (isinstance(self.weight, int | float) and 0 <= self.weight <= high and isfinite(self.weight)):
            asked = "0 or more (reward for each dollar)" if self.way == "linear" else "from 0 to 1 (money's share)"
            raise UserError(f"The weight of costs under {self.way!r} is {asked}; it is {self.weight!r}.")
        if self.way == "budget" and not (self.budget is not None and isfinite(self.budget) and self.budget > 0):
            raise UserError(f"Pay by the share of a budget needs a budget above 0 dollars; it is {self.budget!r}.")

    def cheapness(self, dollars: Any) -> Any:
        """Return how cheap it was, 1 at best and 0 at worst; not asked for where pay is linear."""
        if self.way == "budget":
            return 1 - np.clip(dollars / self.budget, 0.0, 1.0)
        low, high = self.scale
        if high <= low:
            return 0.5 + 0.0 * np.asarray(dollars)
        return 1 - np.clip((np.sqrt(dollars) - low) / (high - low), 0.0, 1.0)

    def parts(self, quality: Any, dollars: Any) -> tuple[Any, Any]:
        """Return what is paid for quality, and what money adds: below 0 where pay is linear."""
        if self.way == "linear":
            money = -self.weight * np.asarray(dollars)
        else:
            money = self.weight * (self.cheapness(dollars) - quality)
        return quality, np.where(np.asarray(quality) > 0, money, 0.0) if self.gated else money

    def reward(self, quality: float, dollars: float, **others: float) -> Reward:
        """Return the reward of one episode; parts that count nothing are left out, but not what was right."""
        earned, money = map(float, self.parts(quality, dollars))
        beside: dict[str, Any] = {name: part for name, part in {"cost": money, **others}.items() if part}
        return Reward(correct=earned, **beside)


def scale_of(dollars: Sequence[float] | np.typing.NDArray[np.float64]) -> Scale:
    """Return the 5 % and 95 % quantiles of the square roots of costs; (0, 0) for none."""
    if not len(dollars):
        return (0.0, 0.0)
    low, high = np.quantile(np.sqrt(np.asarray(dollars, dtype=np.float64)), (0.05, 0.95))
    return float(low), float(high)


class CostWindow:
    """The latest costs, by which those to come are scaled.

    Who trains gathers it between rollouts, in the order of tasks: then every episode of a rollout is scaled alike, in
    whatever order or process episodes end, in forks and vectors too; and a checkpoint that holds it goes on as before.
    """

    def __init__(self, size: int = 1000) -> None:
        if size < 1:
            raise UserError(f"A window holds at least one cost; its size is {size!r}.")
        self.costs: deque[float] = deque(maxlen=size)

    @property
    def scale(self) -> Scale:
        """What costs are to be scaled by now."""
        return scale_of(self.costs)

    def update(self, dollars: Iterable[float]) -> None:
        """Take in costs, the latest last."""
        new = list(dollars)
        if not all(isfinite(cost) and cost >= 0 for cost in new):
            raise UserError("A cost is 0 dollars or more.")
        self.costs.extend(new)

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold, as plain JSON values."""
        return {"costs": list(self.costs)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.costs.clear()
        self.costs.extend(state["costs"])
