"""What may a scenario say of a league, in which policies play against their past selves?"""

from __future__ import annotations

from typing import Any

from pydantic import Field, PositiveInt, field_validator

from syllogym import agents
from syllogym.agents.league import Weights
from syllogym.scenarios.mappings import Strict
from syllogym.scenarios.player_spec import PlayerSpec


class LeagueSpec(Strict):
    """Self-play against past selves: in a group of episodes one trained agent learns, and the others are cast.

    Attributes:
        every: rollouts between two past selves; the first is what the training begins with.
        keep: how many stay.
        weights: of who is met, ``uniform``, ``recent`` or ``hardest`` (see `syllogym.agents.league`).
        latest: share of the groups in which everybody plays by the newest weights, and learns.
        scripted: agents that are met like past selves.
    """

    every: PositiveInt = 10
    keep: PositiveInt = 8
    weights: Weights = "uniform"
    latest: float = Field(default=0.5, ge=0, lt=1)
    scripted: list[PlayerSpec] = []

    @field_validator("scripted")
    @classmethod
    def _known(cls, scripted: list[PlayerSpec]) -> list[PlayerSpec]:
        names = [player.name for player in scripted]
        for name in names:
            agents.get(name)
        if len(set(names)) < len(names):
            raise ValueError(f"each agent stands there once; it is {', '.join(names)}")
        return scripted

    def check(self, roles: list[str], kinds: dict[str, str], credits: dict[str, Any]) -> None:
        """Raise `ValueError` where a scenario leaves a league nothing to do.

        Args:
            roles: agents that trained policies play.
            kinds: what each policy is (`PolicySpec.kind`). credits: each policy's credit, by its name.
        """
        if len(roles) < 2:
            raise ValueError(
                f"league: a past self plays against the policy, but the policy plays {roles[0]} alone; bind another "
                "agent to a trained policy in players, or leave league out"
            )
        for name, kind in kinds.items():
            if kind != "tokens":
                raise ValueError(f"league: past selves are language models; {name} is a {kind} of values. Leave it out")
            if credits[name] == "frozen_partner":
                raise ValueError("league: the credit frozen_partner says already who plays beside a role; choose one")
