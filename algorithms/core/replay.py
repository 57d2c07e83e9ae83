"""Which moves does a value method learn from again? The latest, drawn uniformly with replacement."""

from __future__ import annotations

from typing import Any

from syllogym.agents.action_values import Transition
from syllogym.envs.chance import Dice


class Replay:
    """A ring of the latest `capacity` transitions."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.kept: list[Transition] = []
        self.seen = 0

    def add(self, transition: Transition) -> None:
        """Keep a transition, in the oldest one's place when the ring is full."""
        if len(self.kept) < self.capacity:
            self.kept.append(transition)
        else:
            self.kept[self.seen % self.capacity] = transition
        self.seen += 1

    def draw(self, count: int, dice: Dice) -> list[Transition]:
        """Draw `count` transitions; each may come more than once."""
        return [dice.choice(self.kept) for _ in range(count)]

    def state_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for a checkpoint."""
        columns = Transition.__slots__
        return {"seen": self.seen, "kept": [tuple(getattr(one, name) for name in columns) for one in self.kept]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.seen = state["seen"]
        self.kept = [Transition(*columns) for columns in state["kept"]]
