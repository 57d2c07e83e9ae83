"""What may a scenario say of its environment? Its name and options, and how they change in the course of training."""

from __future__ import annotations

from typing import Any

from pydantic import Field, PositiveInt, model_validator

from syllogym import envs
from syllogym.agents.routing import policy_pool  # noqa: F401 - players can be experts of an environment then
from syllogym.errors import check_options
from syllogym.scenarios.mappings import Named, Strict


class CurriculumSpec(Strict):
    """When difficulty rises: at a success of `raise_at` over the last `window` episodes."""

    raise_at: float = Field(default=0.8, gt=0, le=1)
    window: PositiveInt = 256


class EnvironmentStage(Strict):
    """Other options for the training that comes before the share `until` of its steps is over."""

    until: float = Field(gt=0, le=1)
    options: dict[str, Any]


class EnvironmentSpec(Named):
    """Which environment, with its difficulty options.

    Attributes:
        curriculum: raises them on success. stages: overrides them in training, one stage after the other.
        max_turns: of an episode.
    """

    curriculum: CurriculumSpec | None = None
    stages: list[EnvironmentStage] = []
    max_turns: PositiveInt | None = None

    @model_validator(mode="after")
    def _known(self) -> EnvironmentSpec:
        cls = envs.get(self.name)
        own = list(cls.option_defaults())
        check_options(self.name, [*own, "curriculum", "stages", "max_turns"], self.options)
        for stage in self.stages:
            check_options(self.name, own, stage.options)
        return self

    def stage_at(self, progress: float) -> tuple[int, dict[str, Any]]:
        """Return the number of the stage, and its options, when the share `progress` of training is over."""
        for number, stage in enumerate(self.stages):
            if progress < stage.until:
                return number, stage.options
        return len(self.stages), {}
