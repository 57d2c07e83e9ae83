"""What may a scenario say? Every key, its type and its default."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter, ValidationError, model_validator

from syllogym import agents, algorithms, envs
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import Context
from syllogym.algorithms.core.learner import Optimiser
from syllogym.errors import UserError, check_options


class Strict(BaseModel):
    """A mapping whose keys are all known and whose values have the right type already."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Named(BaseModel):
    """A thing by its name; the other keys are its own options."""

    model_config = ConfigDict(extra="allow", frozen=True)
    name: str

    @property
    def options(self) -> dict[str, Any]:
        """Return every key but the engine's own."""
        return dict(self.model_extra or {})


class CurriculumSpec(Strict):
    """When difficulty rises: at a success of `raise_at` over the last `window` episodes."""

    raise_at: float = Field(default=0.8, gt=0, le=1)
    window: PositiveInt = 256


class EnvironmentSpec(Named):
    """Which environment, with its difficulty options; `curriculum` raises them on success."""

    curriculum: CurriculumSpec | None = None
    max_turns: PositiveInt | None = None

    @model_validator(mode="after")
    def _known(self) -> EnvironmentSpec:
        cls = envs.get(self.name)
        check_options(self.name, [*cls.option_defaults(), "curriculum", "max_turns"], self.options)
        return self


class AlgorithmSpec(Named):
    """Which method, with its settings."""

    @model_validator(mode="after")
    def _known(self) -> AlgorithmSpec:
        self.make()
        return self

    def make(self) -> Any:
        """Return the algorithm with these settings."""
        cls = algorithms.get(self.name)
        check_options(self.name, [field.name for field in fields(cls)], self.options)
        try:
            return TypeAdapter(cls).validate_json(json.dumps(self.options), strict=True)
        except ValidationError as error:
            first = error.errors()[0]
            if not first["loc"]:  # the algorithm's own word
                raise UserError(first["msg"].removeprefix("Value error, ")) from error
            where = ".".join(map(str, first["loc"]))
            raise UserError(f"{self.name}.{where}: {first['msg'].lower()}; it is {first['input']!r}") from error


class TinySpec(Strict):
    """The shape of a policy made from nothing (see `syllogym.agents.tiny`)."""

    family: Literal["llama", "qwen3"] = "llama"
    layers: PositiveInt = 2
    width: PositiveInt = 64
    heads: PositiveInt = 4
    context: PositiveInt = 256


class PolicySpec(Strict):
    """What is trained: a folder or hub name in `model`, or a `tiny` transformer made from nothing."""

    model: str | None = None
    tiny: TinySpec | None = None

    @model_validator(mode="after")
    def _one(self) -> PolicySpec:
        if (self.model is None) == (self.tiny is None):
            raise ValueError("policy takes either model (a folder or hub name) or tiny (a shape), and exactly one")
        return self


class WarmupSpec(Strict):
    """Imitation of the environment's reference solver before reinforcement learning.

    Attributes:
        steps: optimiser steps. batch: demonstrations in each, always new ones.
        noise: chance of a slip wherever the solver can make one (see `TextEnv.slip`).
        fraction: share of the moves in which it may slip at all.
        until: stop early once the policy, sampled, solves this share of instances; None takes every step.
    """

    steps: PositiveInt = 100
    batch: PositiveInt = 64
    noise: float = Field(default=0.0, ge=0, le=1)
    fraction: float = Field(default=1.0, ge=0, le=1)
    until: float | None = Field(default=None, gt=0, le=1)
    optimiser: Optimiser = Optimiser(lr=3e-3, warmup=10)


class TrainSpec(Strict):
    """Reinforcement learning.

    Attributes:
        steps: rollouts, each learnt from in the algorithm's epochs and minibatches.
        prompts: different tasks in a rollout. group: replies to each.
        live: episodes under way at one time.
        turn_timeout: seconds an environment may take for one call; more is a fault.
        max_faults: share of a rollout that may be lost to faults.
    """

    steps: PositiveInt = 80
    prompts: PositiveInt = 32
    group: PositiveInt = 8
    live: PositiveInt = 4096
    turn_timeout: float = Field(default=60.0, gt=0)
    max_faults: float = Field(default=0.1, ge=0, le=1)


class EvaluateSpec(Strict):
    """Held-out evaluation: instances of the evaluation split, which training never draws.

    Attributes:
        episodes: how many, always the same ones.
        every: training steps between evaluations; 0 for only before and after.
        temperature: 0 takes the likeliest tokens.
    """

    episodes: PositiveInt = 256
    every: int = Field(default=20, ge=0)
    temperature: float = Field(default=0.0, ge=0)


class CheckpointSpec(Strict):
    """How often the run is saved (in optimiser steps; 0 for only on Ctrl-C) and how many checkpoints are kept."""

    every: int = Field(default=50, ge=0)
    keep: PositiveInt = 2


class Scenario(Strict):
    """Everything a run needs to be repeated.

    Attributes:
        players: who answers for each agent of the environment: ``policy``, or the name of a scripted agent.
        context: ``conversation`` grows each agent's context by what is new; ``markov`` makes every turn a new prompt.
        threads: of PyTorch on a CPU; null leaves its own choice. One is fastest for tiny models.
        device: ``auto`` is a GPU where there is one.
    """

    description: str = ""
    environment: EnvironmentSpec
    policy: PolicySpec
    players: dict[str, str] = {}
    context: Context = "conversation"
    warmup: WarmupSpec | None = None
    algorithm: AlgorithmSpec
    train: TrainSpec = TrainSpec()
    optimiser: Optimiser = Optimiser()
    sampling: Sampling = Sampling()
    evaluate: EvaluateSpec = EvaluateSpec()
    checkpoint: CheckpointSpec = CheckpointSpec()
    seed: int = 0
    threads: PositiveInt | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"

    trained: ClassVar[str] = "policy"

    @model_validator(mode="after")
    def _fits(self) -> Scenario:
        team = envs.get(self.environment.name).agents
        check_options(f"players of {self.environment.name}", team, self.players)
        for name in self.players.values():
            if name != self.trained:
                agents.get(name)
        if not self.roles:
            raise ValueError("players: nobody is played by the policy, so nothing would be trained")
        if algorithms.get(self.algorithm.name).needs_groups and self.train.group < 2:
            raise ValueError(f"train.group must be at least 2 for {self.algorithm.name}; it is {self.train.group}")
        if self.sampling.truncates:
            raise ValueError("sampling: top_k, top_p and min_p would bias training; leave them out")
        if self.sampling.temperature == 0:
            raise ValueError("sampling.temperature must be above 0: training learns from different replies")
        return self

    @property
    def begins_with_a_saved_model(self) -> bool:
        """Whether reinforcement learning begins with `policy.model` as it is, which can be loaded again."""
        return self.policy.model is not None and self.warmup is None

    @property
    def roles(self) -> list[str]:
        """Return the agents that the policy plays, and so trains."""
        team = envs.get(self.environment.name).agents
        return [agent for agent in team if self.players.get(agent, self.trained) == self.trained]
