"""Who learns? A policy with its method: it takes up episodes, gives credit, and takes optimiser steps on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from syllogym.agents.episode import Episode
from syllogym.agents.policy import Policy
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.filters import recent, scorable
from syllogym.algorithms.core.groups import equal_groups
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.envs.chance import key_of
from syllogym.errors import UserError


class Trainee:
    """One policy of a team in one stage of a run.

    Args:
        name: of the team's member. roles: the agents it plays and learns for.
        policy: trained in place.
        algorithm: its method. optimiser: its update rule's settings.
        steps: rollouts it will learn from, for the learning rate's schedule.
        temperature: at which it samples.
        staleness: how many versions older than the weights that learn those may be that sampled; None for any.
        reference: a frozen policy that KL terms compare with. teacher: a frozen policy to learn from.
    """

    def __init__(
        self,
        name: str,
        roles: Sequence[str],
        policy: Policy,
        algorithm: Algorithm,
        optimiser: Optimiser,
        *,
        steps: int,
        temperature: float,
        staleness: int | None = None,
        reference: Policy | None = None,
        teacher: Policy | None = None,
    ) -> None:
        self.name = name
        self.roles = list(roles)
        self.policy = policy
        self.algorithm = algorithm
        self.staleness = staleness
        self.reference = reference
        self.teacher = teacher
        self.learner = Learner(policy, algorithm, optimiser, steps=steps * algorithm.updates, temperature=temperature)
        self.batch: Batch | None = None
        self.credit = Credit(torch.zeros(0))
        self.queue: list[Tensor] = []
        self.metrics: dict[str, float] = {}

    @property
    def needs_demonstrations(self) -> bool:
        """Whether its method learns from the reference solver's episodes too."""
        return self.algorithm.needs_demonstrations

    @property
    def filters(self) -> bool:
        """Whether its method has a say in what is worth learning from."""
        return type(self.algorithm).informative is not Algorithm.informative

    def can_learn_from(self, group: Sequence[Episode], roles: Collection[str]) -> bool:
        """Whether its method finds anything worth learning from in what `roles` did in the episodes of one task."""
        return _acted(group, roles) and bool(self.algorithm.informative(self._batch(group, roles)).any())

    def keep(self, history: Mapping[int, Sequence[bool]]) -> list[int]:
        """Return which instances of a finite set its method wants again (see `Algorithm.keep`)."""
        return self.algorithm.keep(history)

    def take_up(self, episodes: Sequence[Episode], roles: Sequence[str], progress: float, chance: str) -> None:
        """Make a batch of what `roles` did, give credit, and queue the minibatches of every epoch.

        Where none of the roles got to move in any episode there is nothing to queue.

        Args:
            episodes: just played; demonstrations are left out unless the method wants them.
            roles: those of its own that train now.
            progress: share of the run that is over. chance: seeds the order of the minibatches.
        """
        self.algorithm.progress = progress
        self.metrics = {}
        chosen = [episode for episode in episodes if self.needs_demonstrations or not episode.demonstrated]
        if not _acted(chosen, roles):
            return
        self.batch = self._fit(self._batch(chosen, roles))
        own = ~self.batch.demonstrated
        if bool(own.any()):
            self.metrics["no_signal"] = equal_groups(self.batch.outcome[own], self.batch.group[own])
        self.credit = self.learner.prepare(self.batch, self.reference, self.teacher)
        self.queue = self._minibatches(self.batch.trajectories, chance)

    def _batch(self, episodes: Sequence[Episode], roles: Collection[str]) -> Batch:
        return Batch.of(episodes, roles, self.policy.chat.token_at)

    def _fit(self, batch: Batch) -> Batch:
        """Leave out the trajectories whose outcome is no finite number, and those of weights too old; count them."""
        fit = scorable(batch)
        if not bool(fit.all()):
            self.metrics["unscorable"] = float((~fit).sum())
        if self.staleness is not None:
            age = (self.policy.version - batch.version)[~batch.demonstrated[batch.trajectory]].float()
            fresh = recent(batch, self.policy.version, self.staleness) | batch.demonstrated
            self.metrics |= {"stale": float((~fresh).sum())}
            if len(age):
                self.metrics |= {"staleness": float(age.mean()), "staleness_max": float(age.max())}
            fit &= fresh
        if bool(fit.all()):
            return batch
        if not bool(fit.any()):
            counts = ", ".join(
                f"{int(self.metrics[name])} {name}" for name in ("unscorable", "stale") if name in self.metrics
            )
            raise UserError(
                f"{self.name}: none of the {batch.trajectories} trajectories can be learnt from ({counts})."
            )
        return batch.select(fit.nonzero()[:, 0])[0]

    def update(self) -> None:
        """Take one optimiser step, on the first minibatch of the queue."""
        assert self.batch is not None
        part, index = self.batch.select(self.queue.pop(0))
        self.metrics.update(self.learner.update(part, self.credit.at(index)))
        if not self.queue:
            self.batch = None

    def _minibatches(self, trajectories: int, chance: str) -> list[Tensor]:
        """Return which trajectories each optimiser step learns from: every epoch in a new order."""
        generator = torch.Generator().manual_seed(key_of(chance) >> 1)
        parts: list[Tensor] = []
        for _ in range(self.algorithm.epochs):
            order = torch.arange(trajectories)
            if self.algorithm.updates > 1:
                order = order[torch.randperm(trajectories, generator=generator)]
            parts += order.chunk(min(self.algorithm.minibatches, trajectories))
        return parts

    def state_dict(self) -> dict[str, Any]:
        """Return everything that its further steps depend on, but the policy's own weights."""
        return {
            "learner": self.learner.state_dict(),
            "algorithm": self.algorithm.state_dict(),
            "critic": self.policy.learnt("critic."),
            "version": self.policy.version,
            "reference": None if self.reference is None else self.reference.learnt(),
            "batch": None if self.batch is None else self.batch.state_dict(),
            "credit": tuple(self.credit),
            "queue": self.queue,
            "metrics": self.metrics,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        self.learner.load_state_dict(state["learner"])
        self.algorithm.load_state_dict(state["algorithm"])
        self.policy.take_up(state["critic"])
        self.policy.version = state["version"]
        if self.reference is not None:
            self.reference.take_up(state["reference"])
        self.batch = None if state["batch"] is None else Batch.from_state_dict(state["batch"])
        self.credit, self.queue, self.metrics = Credit(*state["credit"]), list(state["queue"]), dict(state["metrics"])


def _acted(episodes: Sequence[Episode], roles: Collection[str]) -> bool:
    for episode in episodes:
        own = episode.own(roles)
        if any(step.token_ids and step.agent in own and not step.given for step in episode.steps):
            return True
    return False
