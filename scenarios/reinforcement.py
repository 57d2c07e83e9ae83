"""How do policies learn from their own episodes? Groups of replies to each task, by the method each one is given."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode, success
from syllogym.agents.policy import Policy
from syllogym.envs.curriculum import Curriculum
from syllogym.scenarios.build import Trained, make_rollouts, make_tasks, make_teacher, policy_players
from syllogym.scenarios.lessons import Lessons
from syllogym.scenarios.schedule import active_steps, begins_phase, roles_at
from syllogym.scenarios.schema import Member, Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.trainee import Trainee
from syllogym.scenarios.value_trainee import ValueTrainee


class Reinforcement(Stage):
    """Learns from the policies' own episodes by the scenario's algorithms."""

    name = "train"

    def __init__(self, scenario: Scenario, policies: Mapping[str, Trained]) -> None:
        spec = scenario.train
        trainees = {name: _trainee(scenario, name, member, policies[name]) for name, member in scenario.members.items()}
        super().__init__(scenario, trainees, spec.steps)
        self.before = scenario.warmup.steps * len(trainees) if scenario.warmup else 0
        methods = dict.fromkeys(member.algorithm.name for member in scenario.members.values())
        self.title = f"training by {' and '.join(methods)}"
        learning = {name: trainee.player for name, trainee in trainees.items() if isinstance(trainee, ValueTrainee)}
        self.rollouts = make_rollouts(scenario, policy_players(scenario, policies) | learning, self.name)
        models = {name: policy for name, policy in policies.items() if isinstance(policy, Policy)}
        self.teaching = Lessons(scenario, models, self.rollouts)
        rise = scenario.environment.curriculum
        levels = envs.get(scenario.environment.name).levels
        self.curriculum = Curriculum(levels, raise_at=rise.raise_at, window=rise.window) if rise else None

    def training(self) -> dict[str, list[str]]:
        """Return who learns in this step, and for which roles, as the schedule says."""
        now = roles_at(self.scenario.train.schedule, self.step, self.scenario.roles)
        learning = {name: [role for role in trainee.roles if role in now] for name, trainee in self.trainees.items()}
        return {name: roles for name, roles in learning.items() if roles}

    def play(self) -> list[Episode]:
        """Let the policies play, `group` times on each of `prompts` instances."""
        spec = self.scenario.train
        options = self.curriculum.options() if self.curriculum else {}
        tasks = make_tasks(self.scenario, "train", self.cursor, spec.prompts, spec.group, options)
        self.cursor += spec.prompts
        episodes = self.rollouts.run(tasks)
        if self.curriculum:
            for episode in episodes:
                self.curriculum.update(float(success(episode, self.best, self.scenario.roles[0])))
        return episodes

    def lessons(self, episodes: list[Episode]) -> Mapping[str, list[Episode]]:
        """Return the episodes that each policy learns from, paid as its credit says."""
        if begins_phase(self.scenario.train.schedule, self.step):
            self.teaching.begin_phase()
        return self.teaching.of(episodes, self.training())

    def _collect(self) -> None:
        super()._collect()
        self.metrics.update(self.teaching.metrics)
        self.metrics["faults"] = float(self.rollouts.faults.total())
        if self.curriculum:
            self.metrics["level"] = float(sum(self.curriculum.level.values()))

    def wants_evaluation(self) -> bool:
        """Whether this step is followed by an evaluation."""
        every = self.scenario.evaluate.every
        return bool(every) and self.step % every == 0 and not self.done

    def state_dict(self) -> dict[str, Any]:
        """Add the curriculum's level, the faults so far, and the frozen partners."""
        rise = self.curriculum.state_dict() if self.curriculum else None
        own = {"curriculum": rise, "faults": dict(self.rollouts.faults), "partners": self.teaching.state_dict()}
        return {**super().state_dict(), **own}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        super().load_state_dict(state)
        self.rollouts.faults.update(state["faults"])
        self.teaching.load_state_dict(state["partners"])
        if self.curriculum:
            self.curriculum.load_state_dict(state["curriculum"])


def _trainee(scenario: Scenario, name: str, member: Member, policy: Trained) -> Trainee | ValueTrainee:
    algorithm = member.algorithm.make()
    if not isinstance(policy, Policy):
        return ValueTrainee(
            member.roles, policy, algorithm, member.optimiser, context=scenario.context, seed=scenario.seed
        )
    return Trainee(
        name,
        member.roles,
        policy,
        algorithm,
        member.optimiser,
        steps=active_steps(scenario.train.schedule, scenario.train.steps, member.roles, scenario.roles),
        temperature=member.sampling.temperature,
        reference=copy.deepcopy(policy).requires_grad_(False).eval() if algorithm.needs_reference else None,
        teacher=make_teacher(scenario, policy) if algorithm.needs_teacher else None,
    )
