"""How does a policy learn the form of a task before it is rewarded? It imitates the reference solver, or a search."""

from __future__ import annotations

from collections.abc import Mapping

from syllogym import algorithms
from syllogym.agents.episode import summary
from syllogym.agents.policy import Policy
from syllogym.scenarios.build import Trained, make_rollouts, make_tasks, policy_players
from syllogym.scenarios.demonstrations import Demonstrations
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Played, Stage
from syllogym.scenarios.trainee import Trainee

_TRIAL_EVERY = 10
"""Warm-up steps between trials of the policy."""


class WarmUp(Stage):
    """Imitates demonstrations, always new ones."""

    name = "warmup"
    title = "warm-up"
    good_enough = False

    def __init__(self, scenario: Scenario, policies: Mapping[str, Trained]) -> None:
        assert scenario.warmup is not None
        models = {name: policy for name, policy in policies.items() if isinstance(policy, Policy)}
        spec = scenario.warmup
        trainees = {
            name: Trainee(
                name, member.roles, models[name], algorithms.get("sft")(), spec.optimiser,
                steps=spec.steps, temperature=member.sampling.temperature,
            )
            for name, member in scenario.members.items()
        }  # fmt: skip
        super().__init__(scenario, trainees, spec.steps)
        self.demonstrations = Demonstrations(scenario, models, self.name, spec.noise, spec.fraction, spec.search)
        self.size, self.until = spec.batch, spec.until
        self.trial = make_rollouts(scenario, policy_players(scenario, policies), "trial")

    @property
    def done(self) -> bool:
        """Whether every step has been taken, or the policy is good enough to begin with."""
        return super().done or self.good_enough

    def advance(self) -> dict[str, float] | None:
        """Take one optimiser step; now and then try the policy on as many new instances."""
        metrics = super().advance()
        if metrics is not None and self.until is not None and self.step % _TRIAL_EVERY == 0:
            tasks = make_tasks(self.scenario, "train", range(self.cursor, self.cursor + self.size))
            episodes = self.trial.run(tasks)
            tried = min(summary(episodes, self.best, role)["accuracy"] for role in self.scenario.roles)
            self.good_enough = tried >= self.until
            metrics["trial"] = tried
        return metrics

    def begin(self, step: int) -> None:
        """Ask as the phases of the training will, in turn, so that the policy has met all of their forms."""
        phases = self.scenario.train.schedule
        if phases:
            self.ask_by(phases[step % len(phases)].template)

    async def play(self, step: int) -> Played:
        """Let the solver play."""
        # Counted downwards from -1, so that reinforcement learning meets instances of its own.
        self.cursor -= self.size
        numbers = range(self.cursor, self.cursor + self.size)
        episodes = await self.demonstrations.of(make_tasks(self.scenario, "train", numbers))
        return Played(episodes, episodes)
