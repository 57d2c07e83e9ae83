"""What may a scenario say of who plays an agent? A trained policy's name, or a scripted agent's with its options."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import model_validator

from syllogym import agents
from syllogym.agents.player import Player
from syllogym.scenarios.mappings import Named


class PlayerSpec(Named):
    """Who plays; a text in its place is the name. Only scripted agents have options."""

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _takes_options(self) -> PlayerSpec:
        if self.options:
            self.build(agents.get(self.name))
        return self

    @cached_property
    def player(self) -> Player:
        """The scripted agent: one in all of a run, so that its account is the run's."""
        player: Player = self.build(agents.get(self.name))
        return player
