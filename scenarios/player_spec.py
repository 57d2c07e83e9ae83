"""What may a scenario say of who plays an agent? A trained policy's name, or a scripted agent's with its options."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from pydantic import ValidationError, model_validator

from syllogym import agents
from syllogym.agents.player import Player
from syllogym.errors import UserError
from syllogym.scenarios.mappings import Named
from syllogym.scenarios.marked_yaml import Place, parse


class PlayerSpec(Named):
    """Who plays; a text in its place is the name. Only scripted agents have options."""

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _takes_options(self) -> PlayerSpec:
        if self.options:
            agents.registry.build(self.name, self.options)
        return self

    @classmethod
    def read(cls, text: str) -> PlayerSpec:
        """Read a name, or a mapping ``{name: ..., option: ...}`` in YAML, as it stands on the command line."""
        place = Place(f"--agent {text}")
        try:
            return cls.model_validate(parse(text, place).plain())
        except ValidationError as error:
            first = error.errors()[0]
            key = "".join(f"{part}: " for part in first["loc"])
            raise UserError(f"{place}: {key}{first['msg'].removeprefix('Value error, ')}") from error

    @cached_property
    def player(self) -> Player:
        """The scripted agent: one in all of a run, so that its account is the run's."""
        player: Player = agents.registry.build(self.name, self.options)
        return player
