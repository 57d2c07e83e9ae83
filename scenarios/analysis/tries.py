"""What do policies reply when they try the same held-out instances many times?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syllogym import envs
from syllogym.agents.episode import Episode, success
from syllogym.agents.policy import Policy
from syllogym.scenarios.analysis.pass_at_k import Floats
from syllogym.scenarios.build import make_rollouts, make_tasks, policy_players
from syllogym.scenarios.schema import Scenario


@dataclass(frozen=True)
class Tries:
    """E episodes: `samples` on each of P instances, less those lost to faults of the environment.

    Attributes:
        episodes: all of them, by instance.
        instance: (E,) which instance each played.
        correct: (E,) whether the first trained role solved it. reward: (E,) what that was paid.
        tokens: (E,) how many it sampled.
        instances: P.
    """

    episodes: list[Episode]
    instance: NDArray[np.int64]
    correct: NDArray[np.bool_]
    reward: Floats
    tokens: NDArray[np.int64]
    instances: int

    @property
    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Tries, and right ones, of each instance: (P,) both."""
        return (
            np.bincount(self.instance, minlength=self.instances),
            np.bincount(self.instance[self.correct], minlength=self.instances),
        )

    def first(self, each: int) -> list[Episode]:
        """Return the first `each` episodes of every instance."""
        return [episode for episode in self.episodes if episode.index < each]


def try_often(
    scenario: Scenario, policies: Mapping[str, Policy], instances: int, samples: int, prefill: str = ""
) -> Tries:
    """Let policies reply `samples` times to each of the first held-out instances, at the training temperature.

    Policies are given the same seeds, so that they differ by their weights alone. `prefill` begins every reply.
    """
    tasks = make_tasks(scenario, "eval", range(instances), range(samples))
    players = policy_players(scenario, policies, prefill=prefill)
    episodes = make_rollouts(scenario, players, "analysis").run(tasks)
    best, role = envs.get(scenario.environment.name).max_return, scenario.roles[0]
    return Tries(
        episodes,
        np.array([episode.group for episode in episodes]),
        np.array([success(episode, best, role) for episode in episodes]),
        np.array([episode.reward(role) for episode in episodes]),
        np.array([sum(len(step.token_ids) for step in episode.steps if step.agent == role) for episode in episodes]),
        instances,
    )
