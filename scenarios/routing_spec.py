"""What may a scenario say of routers that are compared: on which table, which routers, and how they are judged?"""

from __future__ import annotations

from typing import Any

from pydantic import Field, PositiveInt, model_validator

from syllogym.agents import routing
from syllogym.errors import UserError
from syllogym.scenarios.mappings import ByName, Strict
from syllogym.scenarios.routing.find import BASELINES


class RouterSpec(ByName):
    """A router by its name, with its options."""

    @model_validator(mode="after")
    def _known(self) -> RouterSpec:
        self.make()
        return self

    def make(self) -> Any:
        """Return a fresh one."""
        return routing.registry.build(self.name, self.options)


class RoutingSpec(Strict):
    """Routers on a table of what models got right and what that cost.

    Attributes:
        table: where it is: the name of its source, with its options.
        routers: names, or names with options. The baselines are always there besides.
        test: share of the questions that routers are judged on; they learn from the others.
        seed: of all chance: which questions these are, fits, intervals.
        points: prices of money at which each router decides, at most.
        draws: of questions, for intervals. families: draw whole task families; null: where there are at least eight.
    """

    table: dict[str, Any]
    routers: list[RouterSpec] = []
    test: float = Field(default=0.5, gt=0, lt=1)
    seed: int = 0
    points: PositiveInt = 20
    draws: PositiveInt = 2000
    families: bool | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> RoutingSpec:
        labels = [router.label for router in self.routers]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise UserError(f"routers: {twice} is there twice")
        known = next((label for label in labels if label in BASELINES), None)
        if known is not None:
            raise UserError(f"routers: {known} is a baseline, which is there anyway; give it options, or leave it out")
        return self
