"""What is a stage of a run? It plays a batch of episodes, then its trainees take optimiser steps on it, and so on.

`advance` takes one optimiser step; the state between two of them, the batches included, can be saved and taken up.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch

from syllogym import envs
from syllogym.agents.episode import Episode, by_role, summary
from syllogym.agents.event_loop import run_alone
from syllogym.agents.policy import Policy
from syllogym.errors import UserError
from syllogym.scenarios.build import Trained
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.trainee import Trainee
from syllogym.scenarios.value_trainee import ValueTrainee


class Played(NamedTuple):
    """What was played in one step.

    Attributes:
        episodes: all that was played, which the metrics describe.
        learnt: those that are learnt from, and demonstrations beside them.
        metrics: how the choice between the two went.
        branches: played on from the middle of episodes; the metrics do not describe them.
    """

    episodes: list[Episode]
    learnt: list[Episode]
    metrics: Mapping[str, float] = {}
    branches: Sequence[Episode] = ()


class Rollout(NamedTuple):
    """What was played in one step, ready to be learnt from.

    Attributes:
        lessons: the episodes that each policy learns from, by name.
        metrics: how the episodes went.
        shown: sample episodes for the log.
    """

    lessons: Mapping[str, list[Episode]]
    metrics: dict[str, float]
    shown: list[Episode]

    def state_dict(self) -> dict[str, Any]:
        """Return it as plain data, for a checkpoint."""
        return {
            "lessons": {name: _to_json(episodes) for name, episodes in self.lessons.items()},
            "metrics": self.metrics,
            "shown": _to_json(self.shown),
        }

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any]) -> Rollout:
        """Rebuild what `state_dict` returned."""
        lessons = {name: _from_json(lines) for name, lines in state["lessons"].items()}
        return cls(lessons, dict(state["metrics"]), _from_json(state["shown"]))


class Stage:
    """Plays, gives credit, updates.

    Attributes:
        step: rollouts learnt from so far, of `steps`. update: optimiser steps so far.
        trainees: who learns, by name.
    """

    name: ClassVar[str]
    title: str

    def __init__(self, scenario: Scenario, trainees: Mapping[str, Trainee | ValueTrainee], steps: int) -> None:
        self.scenario = scenario
        self.trainees = dict(trainees)
        self.best = envs.get(scenario.environment.name).max_return
        self.steps = steps
        self.before = 0
        self.step = self.update = self.cursor = 0
        self.metrics: dict[str, float] = {}
        self.episodes: list[Episode] = []

    @property
    def policies(self) -> dict[str, Trained]:
        """The policies that learn, by name."""
        return {name: trainee.policy for name, trainee in self.trainees.items()}

    @property
    def done(self) -> bool:
        """Whether every step has been taken."""
        return self.step >= self.steps

    def wants_evaluation(self) -> bool:
        """Whether the step just taken is followed by an evaluation."""
        return False

    def most_frequent_fault(self) -> str:
        """Say which fault has taken most episodes since the run began; nothing where none did."""
        return ""

    @property
    def update_in_run(self) -> int:
        """Number of optimiser steps in the whole run."""
        return self.before + self.update

    async def play(self, step: int) -> Played:
        """Play the episodes of a step."""
        raise NotImplementedError

    async def lessons(self, learnt: list[Episode], step: int) -> tuple[Mapping[str, list[Episode]], dict[str, float]]:
        """Return the episodes that each policy learns from, what was played for learning; and metrics of them."""
        return dict.fromkeys(self.trainees, learnt), {}

    async def rollout(self, step: int) -> Rollout:
        """Play what the policies learn from in a step."""
        began = time.monotonic()
        played = await self.play(step)
        took = time.monotonic() - began
        lessons, taught = await self.lessons(played.learnt, step)
        sampled = (step for episode in (*played.episodes, *played.branches) for step in episode.steps if not step.given)
        tokens = sum(len(step.token_ids) for step in sampled)
        metrics = {
            **self._roles(played.episodes),
            "episodes": float(len(played.episodes)),
            "tokens": float(tokens),
            "tokens_per_s": tokens / max(took, 1e-9),
            "play_seconds": took,
            **played.metrics,
            **taught,
        }
        return Rollout(lessons, metrics, [*played.episodes[:2], *played.branches[:1]])

    def ask_by(self, template: Mapping[str, Any]) -> None:
        """Give the policies' chat templates these arguments, and no others."""
        for policy in self.policies.values():
            if isinstance(policy, Policy):
                policy.chat.arguments = dict(template)

    def begin(self, step: int) -> None:
        """Get ready for the rollout of a step. No weight changes meanwhile."""

    def next_rollout(self) -> Rollout:
        """Return the rollout to learn from now: it is played when it is asked for."""
        self.begin(self.step)
        return run_alone(self.rollout(self.step))

    def settle(self) -> None:
        """Finish what is being played, so that the policies can be saved, or play something else by their weights."""

    def close(self) -> None:
        """End what is being played; the stage takes no more steps."""

    def training(self, step: int) -> dict[str, list[str]]:
        """Return who learns in a step, and for which roles."""
        return {name: trainee.roles for name, trainee in self.trainees.items()}

    def advance(self) -> dict[str, float] | None:
        """Take one optimiser step; return the step's metrics when it was the last on its batch, else None."""
        if not any(trainee.queue for trainee in self.trainees.values()):
            self._collect()
        busy = [trainee for trainee in self.trainees.values() if trainee.queue]
        if not busy:
            raise UserError(
                f"{self.title}, step {self.step}: no role that trains got to move in any episode, so nothing can be "
                "learnt. Warm up first, or choose in players who makes the moves before."
            )
        busy[0].update()
        self.update += 1
        if any(trainee.queue for trainee in busy):
            return None
        report = {**self.metrics, **self._learnt(self.training(self.step))}
        self.step += 1
        return report

    def state_dict(self) -> dict[str, Any]:
        """Return everything that the rest of the stage depends on, but the policies' own weights."""
        return {
            "counters": {"step": self.step, "update": self.update, "cursor": self.cursor},
            "trainees": {name: trainee.state_dict() for name, trainee in self.trainees.items()},
            "metrics": self.metrics,
            "episodes": _to_json(self.episodes),
            "rng": torch.get_rng_state(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        self.step, self.update, self.cursor = (state["counters"][name] for name in ("step", "update", "cursor"))
        for name, trainee in self.trainees.items():
            trainee.load_state_dict(state["trainees"][name])
        self.metrics = dict(state["metrics"])
        self.episodes = _from_json(state["episodes"])
        torch.set_rng_state(state["rng"])

    def _collect(self) -> None:
        """Hand the next rollout to those who learn in this step."""
        rollout = self.next_rollout()
        for name, roles in self.training(self.step).items():
            chance = f"{self.scenario.seed}/{self.name}/{name}/{self.step}"
            self.trainees[name].take_up(rollout.lessons[name], roles, self.step / self.steps, chance)
        self.episodes, self.metrics = rollout.shown, rollout.metrics

    def _roles(self, episodes: list[Episode]) -> dict[str, float]:
        """Return reward, accuracy and so on of the first trained role, and of each under its name where several are."""
        played = {role: [episode for episode in episodes if episode.own([role])] for role in self.scenario.roles}
        return by_role({role: summary(played[role], self.best, role) for role in self.scenario.roles})

    def _learnt(self, training: Mapping[str, object]) -> dict[str, float]:
        """Return what the updates reported, under each trainee's name where there are several."""
        if len(self.trainees) == 1:
            return next(iter(self.trainees.values())).metrics
        return {f"{name}/{key}": value for name in training for key, value in self.trainees[name].metrics.items()}


def _to_json(episodes: Sequence[Episode]) -> list[str]:
    return [episode.to_json() for episode in episodes]


def _from_json(lines: Sequence[str]) -> list[Episode]:
    return [Episode.from_json(line) for line in lines]
