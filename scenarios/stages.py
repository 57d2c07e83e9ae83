"""What are the stages of a run? Warm-up on demonstrations, then reinforcement learning: both rollouts and updates.

A stage plays a batch of episodes (the solver's, or the policy's), gives credit, and takes the algorithm's optimiser
steps on it. `advance` takes one; the state between two of them, the batch included, can be saved and taken up again.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from os import PathLike
from typing import Any, ClassVar

import torch
from torch import Tensor

from syllogym import algorithms, envs
from syllogym.agents.episode import Episode, success, summary
from syllogym.agents.player import DemonstrationPlayer
from syllogym.agents.policy import Policy
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.groups import equal_groups
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.envs.chance import key_of
from syllogym.envs.curriculum import Curriculum
from syllogym.scenarios.build import make_policy, make_rollouts, make_tasks, policy_player
from syllogym.scenarios.schema import Scenario

_TRIAL_EVERY = 10
"""Warm-up steps between trials of the policy."""


class Stage:
    """Plays, gives credit, updates.

    Attributes:
        step: rollouts learnt from so far, of `steps`. update: optimiser steps so far.
        policy: what is trained.
    """

    name: ClassVar[str]
    title: str

    def __init__(
        self, scenario: Scenario, policy: Policy, algorithm: Algorithm, optimiser: Optimiser, steps: int
    ) -> None:
        self.scenario = scenario
        self.policy = policy
        self.algorithm = algorithm
        self.best = envs.get(scenario.environment.name).max_return
        self.steps = steps
        self.before = 0
        self.step = self.update = self.cursor = 0
        self.learner = Learner(
            policy, algorithm, optimiser, steps=steps * algorithm.updates, temperature=scenario.sampling.temperature
        )
        self.reference: Policy | None = None
        self.batch: Batch | None = None
        self.credit = Credit(torch.zeros(0))
        self.queue: list[Tensor] = []
        self.metrics: dict[str, float] = {}
        self.episodes: list[Episode] = []

    @property
    def done(self) -> bool:
        """Whether every step has been taken."""
        return self.step >= self.steps

    def wants_evaluation(self) -> bool:
        """Whether the step just taken is followed by an evaluation."""
        return False

    @property
    def update_in_run(self) -> int:
        """Number of optimiser steps in the whole run."""
        return self.before + self.update

    def play(self) -> list[Episode]:
        """Play the next batch of episodes."""
        raise NotImplementedError

    def advance(self) -> dict[str, float] | None:
        """Take one optimiser step; return the step's metrics when it was the last on its batch, else None."""
        if not self.queue:
            self._collect()
        assert self.batch is not None
        part, index = self.batch.select(self.queue.pop(0))
        self.metrics.update(self.learner.update(part, self.credit.at(index)))
        self.update += 1
        if self.queue:
            return None
        self.step += 1
        self.batch = None
        return dict(self.metrics)

    def state_dict(self) -> dict[str, Any]:
        """Return everything that the rest of the stage depends on, but the policy's own weights."""
        return {
            "counters": {"step": self.step, "update": self.update, "cursor": self.cursor},
            "learner": self.learner.state_dict(),
            "critic": None if self.policy.critic is None else self.policy.critic.state_dict(),
            "version": self.policy.version,
            "reference": None if self.reference is None else self.reference.state_dict(),
            "batch": None if self.batch is None else self.batch.state_dict(),
            "credit": tuple(self.credit),
            "queue": self.queue,
            "metrics": self.metrics,
            "episodes": [episode.to_json() for episode in self.episodes],
            "rng": torch.get_rng_state(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        self.step, self.update, self.cursor = (state["counters"][name] for name in ("step", "update", "cursor"))
        self.learner.load_state_dict(state["learner"])
        if self.policy.critic is not None:
            self.policy.critic.load_state_dict(state["critic"])
        self.policy.version = state["version"]
        if self.reference is not None:
            self.reference.load_state_dict(state["reference"])
        self.batch = None if state["batch"] is None else Batch.from_state_dict(state["batch"])
        self.credit, self.queue, self.metrics = Credit(*state["credit"]), list(state["queue"]), dict(state["metrics"])
        self.episodes = [Episode.from_json(line) for line in state["episodes"]]
        torch.set_rng_state(state["rng"])

    def _collect(self) -> None:
        """Play, and make of the episodes a batch with credit and a queue of minibatches."""
        began = time.monotonic()
        episodes = self.play()
        played = time.monotonic() - began
        self.batch = Batch.of(episodes, self.scenario.roles)
        self.credit = self.learner.prepare(self.batch, self.reference)
        self.queue = self._minibatches(self.batch.trajectories)
        self.episodes = episodes[:2]
        tokens = sum(len(step.token_ids) for episode in episodes for step in episode.steps)
        self.metrics = {
            **summary(episodes, self.best, self.scenario.roles[0]),
            "episodes": float(len(episodes)),
            "tokens": float(tokens),
            "tokens_per_s": tokens / max(played, 1e-9),
            "play_seconds": played,
        }

    def _minibatches(self, trajectories: int) -> list[Tensor]:
        """Return which trajectories each optimiser step learns from: every epoch in a new order."""
        chance = torch.Generator().manual_seed(key_of(f"{self.scenario.seed}/{self.name}/{self.step}") >> 1)
        parts: list[Tensor] = []
        for _ in range(self.algorithm.epochs):
            order = torch.arange(trajectories)
            if self.algorithm.updates > 1:
                order = order[torch.randperm(trajectories, generator=chance)]
            parts += order.chunk(min(self.algorithm.minibatches, trajectories))
        return parts


class WarmUp(Stage):
    """Imitates the reference solver's demonstrations, always new ones."""

    name = "warmup"
    title = "warm-up"
    good_enough = False

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        assert scenario.warmup is not None
        spec = scenario.warmup
        super().__init__(scenario, policy, algorithms.get("sft")(), spec.optimiser, spec.steps)
        player = DemonstrationPlayer(policy.chat, spec.noise, spec.fraction, scenario.context)
        self.rollouts = make_rollouts(scenario, player, self.name)
        self.size, self.until = spec.batch, spec.until
        self.trial = make_rollouts(scenario, policy_player(scenario, policy), "trial")

    @property
    def done(self) -> bool:
        """Whether every step has been taken, or the policy is good enough to begin with."""
        return super().done or self.good_enough

    def advance(self) -> dict[str, float] | None:
        """Take one optimiser step; now and then try the policy on as many new instances."""
        metrics = super().advance()
        if metrics is not None and self.until is not None and self.step % _TRIAL_EVERY == 0:
            tasks = make_tasks(self.scenario, "train", self.cursor, self.size)
            tried = summary(self.trial.run(tasks), self.best, self.scenario.roles[0])["accuracy"]
            self.good_enough = tried >= self.until
            metrics["trial"] = tried
        return metrics

    def play(self) -> list[Episode]:
        """Let the solver play."""
        # Counted downwards from -1, so that reinforcement learning meets instances of its own.
        self.cursor -= self.size
        return self.rollouts.run(make_tasks(self.scenario, "train", self.cursor, self.size))


class Reinforcement(Stage):
    """Learns from the policy's own episodes by the scenario's algorithm."""

    name = "train"
    title = "training"

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        spec = scenario.train
        super().__init__(scenario, policy, scenario.algorithm.make(), scenario.optimiser, spec.steps)
        self.before = scenario.warmup.steps if scenario.warmup else 0
        self.title = f"training by {scenario.algorithm.name}"
        if self.algorithm.needs_reference:
            self.reference = copy.deepcopy(policy).requires_grad_(False).eval()
        self.rollouts = make_rollouts(scenario, policy_player(scenario, policy), self.name)
        rise = scenario.environment.curriculum
        levels = envs.get(scenario.environment.name).levels
        self.curriculum = Curriculum(levels, raise_at=rise.raise_at, window=rise.window) if rise else None

    def play(self) -> list[Episode]:
        """Let the policy play, `group` times on each of `prompts` instances."""
        spec = self.scenario.train
        options = self.curriculum.options() if self.curriculum else {}
        tasks = make_tasks(self.scenario, "train", self.cursor, spec.prompts, spec.group, options)
        self.cursor += spec.prompts
        episodes = self.rollouts.run(tasks)
        if self.curriculum:
            for episode in episodes:
                self.curriculum.update(float(success(episode, self.best, self.scenario.roles[0])))
        return episodes

    def _collect(self) -> None:
        super()._collect()
        assert self.batch is not None
        self.metrics["faults"] = float(self.rollouts.faults.total())
        self.metrics["no_signal"] = equal_groups(self.batch.outcome, self.batch.group)
        if self.curriculum:
            self.metrics["level"] = float(sum(self.curriculum.level.values()))

    def wants_evaluation(self) -> bool:
        """Whether this step is followed by an evaluation."""
        every = self.scenario.evaluate.every
        return bool(every) and self.step % every == 0 and not self.done

    def state_dict(self) -> dict[str, Any]:
        """Add the curriculum's level and the faults so far."""
        rise = self.curriculum.state_dict() if self.curriculum else None
        return {**super().state_dict(), "curriculum": rise, "faults": dict(self.rollouts.faults)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        super().load_state_dict(state)
        self.rollouts.faults.update(state["faults"])
        if self.curriculum:
            self.curriculum.load_state_dict(state["curriculum"])


def make_stage(
    name: str, scenario: Scenario, *, policy: Policy | None = None, path: str | PathLike[str] | None = None
) -> Stage:
    """Make a stage for a policy; load the policy from `path` (a checkpoint), or begin it, when none is given."""
    if policy is None:
        critic = algorithms.get(scenario.algorithm.name).needs_critic
        policy = make_policy(scenario, critic=critic, path=path)
    return WarmUp(scenario, policy) if name == WarmUp.name else Reinforcement(scenario, policy)
