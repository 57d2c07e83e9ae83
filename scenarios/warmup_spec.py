"""What may a scenario say of its warm-up? How long, how good the demonstrations are, and who gives them."""

from __future__ import annotations

from pydantic import Field, PositiveInt, model_validator

from syllogym.agents.search.demonstrator import SearchDemonstrator
from syllogym.algorithms.core.learner import Optimiser
from syllogym.scenarios.mappings import Strict


class WarmupSpec(Strict):
    """Imitation of the environment's reference solver before reinforcement learning.

    Attributes:
        steps: optimiser steps. batch: demonstrations in each, always new ones.
        noise: chance of a slip wherever the solver can make one (see `DemonstrationPlayer`).
        fraction: share of the moves in which it may slip at all.
        until: stop early once the policy, sampled, solves this share of instances; None takes every step.
        search: whose searches are imitated in the place of the solver's replies (see `SearchDemonstrator`).
    """

    steps: PositiveInt = 100
    batch: PositiveInt = 64
    noise: float = Field(default=0.0, ge=0, le=1)
    fraction: float = Field(default=1.0, ge=0, le=1)
    until: float | None = Field(default=None, gt=0, le=1)
    search: SearchDemonstrator | None = None
    optimiser: Optimiser = Optimiser(lr=3e-3, warmup=10)

    @model_validator(mode="after")
    def _shown_once(self) -> WarmupSpec:
        if self.search is not None and (self.noise or self.fraction != 1):
            raise ValueError("noise and fraction are of the reference solver; with search leave them out")
        return self
