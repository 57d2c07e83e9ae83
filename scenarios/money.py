"""How dear is money now? In training, prices follow what the rollouts before have cost.

All episodes of a rollout are paid alike, whatever order they end in, and prices move between rollouts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.agents.episode import Episode
from syllogym.envs.routing.lagrangian import Lagrangian
from syllogym.envs.routing.pay import CostWindow
from syllogym.errors import UserError
from syllogym.scenarios.environment_spec import MoneySpec


class Money:
    """Options of an environment that follow the costs of training; none where the scenario says nothing of it."""

    def __init__(self, spec: MoneySpec | None) -> None:
        budget, window = (spec.budget, spec.window) if spec else (None, None)
        self.prices = Lagrangian(budget, spec.rate, spec.start) if spec and budget is not None else None
        self.window = CostWindow(window) if window is not None else None

    def options(self) -> dict[str, Any]:
        """Return the options that the next episodes are played under."""
        weight = {"weight": self.prices.weight} if self.prices else {}
        return {**weight, **({"scale": list(self.window.scale)} if self.window else {})}

    def update(self, episodes: Sequence[Episode]) -> dict[str, float]:
        """Take in what a rollout cost; return the prices that it was paid by, for the log."""
        if self.prices is None and self.window is None:
            return {}
        costs = [_dollars(episode) for episode in sorted(episodes, key=lambda one: (one.group, one.index))]
        paid: dict[str, float] = {}
        if self.prices:
            paid = {"price": self.prices.weight, "multiplier": self.prices.multiplier}
            self.prices.update(costs)
        if self.window:
            paid |= dict(zip(("cheap", "dear"), self.window.scale, strict=True))
            self.window.update(costs)
        return paid

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold."""
        return {
            "prices": self.prices.state_dict() if self.prices else None,
            "window": self.window.state_dict() if self.window else None,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint of the same scenario."""
        if self.prices:
            self.prices.load_state_dict(state["prices"])
        if self.window:
            self.window.load_state_dict(state["window"])


def _dollars(episode: Episode) -> float:
    if "dollars" not in episode.counts:
        raise UserError(f"environment.money follows what episodes cost, but {episode.env!r} counts no dollars.")
    return episode.counts["dollars"]
