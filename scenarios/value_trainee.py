"""Who learns values? A table or a network with its method: it learns while it plays, and reports after each rollout."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from syllogym.agents.episode import Episode
from syllogym.agents.player import Context
from syllogym.agents.value_network import ValueNetwork
from syllogym.agents.value_player import LearningPlayer
from syllogym.agents.value_table import ValueTable
from syllogym.algorithms.core.learner import Optimiser
from syllogym.algorithms.core.value_learner import NetworkLearner, TableLearner, ValueLearner
from syllogym.algorithms.core.value_method import ValueMethod


class ValueTrainee:
    """Takes a `Trainee`'s place in a stage for methods that learn what replies are worth.

    Args:
        roles: the agents it plays and learns for.
        policy: the values, changed in place.
        method: says what they should become. optimiser: of a network.
        context: what a state is. seed: of draws from the replay buffer.
    """

    def __init__(
        self,
        roles: Sequence[str],
        policy: ValueTable | ValueNetwork,
        method: ValueMethod,
        optimiser: Optimiser,
        *,
        context: Context,
        seed: int,
    ) -> None:
        self.filters = self.needs_demonstrations = False
        self.roles = list(roles)
        self.policy = policy
        self.learner = _learner(policy, method, optimiser, seed)
        self.player = LearningPlayer(policy, context, self.learner)
        self.queue: list[None] = []
        self.metrics: dict[str, float] = {}

    def can_learn_from(self, group: Sequence[Episode], roles: Collection[str]) -> bool:
        """Say yes: it has learnt while playing."""
        return True

    def keep(self, history: Mapping[int, Sequence[bool]]) -> list[int]:
        """Return every instance: none is left out."""
        return list(history)

    def take_up(self, episodes: Sequence[Episode], roles: Sequence[str], progress: float, chance: str) -> None:
        """Learn from the rollout's last moves, and explore as `progress` asks from now on."""
        self.player.finish()
        self.learner.begin(progress)
        self.queue = [None]

    def update(self) -> None:
        """Report; all was learnt while playing."""
        self.queue.clear()
        self.metrics = self.learner.report()

    def state_dict(self) -> dict[str, Any]:
        """Return everything that its further steps depend on, but the values of the policy."""
        return {"learner": self.learner.state_dict(), "queued": len(self.queue), "metrics": self.metrics}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        self.learner.load_state_dict(state["learner"])
        self.queue, self.metrics = [None] * state["queued"], dict(state["metrics"])


def _learner(policy: ValueTable | ValueNetwork, method: Any, optimiser: Optimiser, seed: int) -> ValueLearner:
    if isinstance(policy, ValueTable):
        return TableLearner(method, policy)
    return NetworkLearner(method, policy, optimiser, seed)
