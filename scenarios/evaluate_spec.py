"""What may a scenario say of its held-out evaluation?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, PositiveInt, field_validator

from syllogym import agents
from syllogym.scenarios.mappings import Strict
from syllogym.scenarios.player_spec import PlayerSpec
from syllogym.scenarios.routing_spec import RoutingSpec
from syllogym.scenarios.search_spec import SearchSpec


class EvaluateSpec(Strict):
    """Held-out evaluation: instances of the evaluation split, which training never draws.

    Attributes:
        episodes: how many, always the same ones.
        every: training steps between evaluations; 0 for only before and after.
        temperature: 0 takes the likeliest tokens.
        against: who plays all other agents while each trained role is measured: scripted agents, or ``base``, the
            weights that reinforcement learning began with. Empty: everybody plays as in training.
        search: strategies of search to compare instead (`syllogym evaluate`). routing: routers, likewise.
    """

    episodes: PositiveInt = 256
    every: int = Field(default=20, ge=0)
    temperature: float = Field(default=0.0, ge=0)
    against: list[PlayerSpec] = []
    search: SearchSpec | None = None
    routing: RoutingSpec | None = None

    base: ClassVar[str] = "base"

    @field_validator("against")
    @classmethod
    def _known(cls, against: list[PlayerSpec]) -> list[PlayerSpec]:
        for player in against:
            if player.name != cls.base:
                agents.get(player.name)
        return against

    def stands_alone(self) -> bool:
        """Tell whether nothing is trained: strategies of search, or routers, are compared.

        Raises:
            UserError: a policy would be wanted all the same.
        """
        if self.search is not None:
            self.search.check_alone()
        return self.search is not None or self.routing is not None
