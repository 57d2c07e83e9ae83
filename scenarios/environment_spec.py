"""What may a scenario say of its environment? Its name and options, and how they change in the course of training."""

from __future__ import annotations

from typing import Any

from pydantic import Field, PositiveInt, model_validator

from syllogym import envs
from syllogym.agents.routing import policy_pool  # noqa: F401 - players can be experts of an environment then
from syllogym.errors import UserError, check_options
from syllogym.scenarios.mappings import Named, Strict


class CurriculumSpec(Strict):
    """When difficulty rises: at a success of `raise_at` over the last `window` episodes."""

    raise_at: float = Field(default=0.8, gt=0, le=1)
    window: PositiveInt = 256


class EnvironmentStage(Strict):
    """Other options for the training that comes before the share `until` of its steps is over."""

    until: float = Field(gt=0, le=1)
    options: dict[str, Any]


class MoneySpec(Strict):
    """How dear money is while a policy learns to route.

    Attributes:
        budget: dollars that an episode may cost on average: the environment's `weight` follows a multiplier that is
            raised by `rate` times the relative excess of every rollout, from `start` on (dual ascent).
        window: the environment's `scale` follows the costs of so many latest episodes (Router-R1's is 1000).
    """

    budget: float | None = Field(default=None, gt=0)
    rate: float = Field(default=0.1, gt=0)
    start: float = Field(default=0.0, ge=0)
    window: PositiveInt | None = None

    @property
    def follows(self) -> list[str]:
        """The options of the environment that follow."""
        return [name for name, given in (("weight", self.budget), ("scale", self.window)) if given is not None]


class EnvironmentSpec(Named):
    """Which environment, with its difficulty options.

    Attributes:
        money: prices that follow the costs of training.
        curriculum: raises them on success. stages: overrides them in training, one stage after the other.
        max_turns: of an episode.
    """

    curriculum: CurriculumSpec | None = None
    money: MoneySpec | None = None
    stages: list[EnvironmentStage] = []
    max_turns: PositiveInt | None = None

    @model_validator(mode="after")
    def _known(self) -> EnvironmentSpec:
        cls = envs.get(self.name)
        own = list(cls.option_defaults())
        check_options(self.name, [*own, "curriculum", "money", "stages", "max_turns"], self.options)
        if self.money:
            self._check_money(self.money, own)
        for stage in self.stages:
            check_options(self.name, own, stage.options)
        return self

    def _check_money(self, money: MoneySpec, own: list[str]) -> None:
        if not money.follows:
            raise UserError("environment.money needs a budget (dollars), a window (episodes), or both.")
        for option in money.follows:
            if option not in own:
                raise UserError(f"environment.money sets the option {option!r}, which {self.name!r} does not take.")
            if option in self.options:
                raise UserError(f"environment.{option} is set by environment.money: leave one of them out.")

    def stage_at(self, progress: float) -> tuple[int, dict[str, Any]]:
        """Return the number of the stage, and its options, when the share `progress` of training is over."""
        for number, stage in enumerate(self.stages):
            if progress < stage.until:
                return number, stage.options
        return len(self.stages), {}
