"""How dear must money be for the mean cost to meet a budget? Its price climbs while too much is spent (dual ascent)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from syllogym.errors import UserError


class Lagrangian:
    """Maximises quality subject to a mean cost of at most `budget` dollars.

    The multiplier m prices a whole budget: what is maximised is q - m * dollars / budget, so `weight`, the reward that
    a dollar takes off, is m / budget. After every batch m goes up by rate * (mean cost / budget - 1), and never below
    0. The rate of step k is divided by sqrt(k / settle) once k exceeds `settle`, so that the price comes to rest.

    Args:
        budget: dollars that a question may cost on average. rate: of the first steps. start: the first multiplier.
        settle: steps after which they get smaller; None: never, as where what is priced goes on changing.
    """

    def __init__(self, budget: float, rate: float = 0.1, start: float = 0.0, settle: int | None = None) -> None:
        for key, value in {"budget": budget, "rate": rate}.items():
            if not (isfinite(value) and value > 0):
                raise UserError(f"The {key} of an average budget is above 0; it is {value!r}.")
        if not (isfinite(start) and start >= 0):
            raise UserError(f"The start of the price of an average budget is 0 or more; it is {start!r}.")
        if settle is not None and settle < 1:
            raise UserError(f"settle is a number of steps, at least 1; it is {settle!r}.")
        self.budget, self.rate, self.settle = budget, rate, settle
        self.multiplier = start
        self.steps = 0

    @property
    def weight(self) -> float:
        """Reward that a dollar takes off now."""
        return self.multiplier / self.budget

    def update(self, dollars: Iterable[float]) -> float:
        """Take in what the questions of a batch cost; return the price of a dollar from now on."""
        costs = list(dollars)
        if not costs or not all(isfinite(cost) and cost >= 0 for cost in costs):
            raise UserError("An average budget is kept by the costs of a batch: at least one, each 0 dollars or more.")
        self.steps += 1
        slower = 1.0 if self.settle is None else max(1.0, self.steps / self.settle) ** 0.5
        over = sum(costs) / len(costs) / self.budget - 1.0
        self.multiplier = max(0.0, self.multiplier + self.rate / slower * over)
        return self.weight

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold, as plain JSON values."""
        return {"multiplier": self.multiplier, "steps": self.steps}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.multiplier, self.steps = float(state["multiplier"]), int(state["steps"])
