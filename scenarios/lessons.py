"""Which episodes does each policy learn from? Those that were played, paid by its credit; or others, played for it.

The copies made here are for learning only: what is logged are the episodes and rewards as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from syllogym.agents.episode import Episode, mean
from syllogym.agents.player import Player
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts, Task
from syllogym.scenarios.build import policy_players
from syllogym.scenarios.coalitions import Coalitions
from syllogym.scenarios.credit import CreditSpec, less_baseline, paid, spoken_by
from syllogym.scenarios.schema import Scenario

_DECAY = 0.95
"""What is kept of a role's baseline with every episode, where the scenario does not say."""


class Lessons:
    """Gives each policy its episodes.

    Args:
        scenario: says who plays whom, and how each member is paid.
        policies: that learn, by name.
        rollouts: with which the team plays; what is played for a lesson is played with the same settings.

    Attributes:
        partners: copies of the policies that roles with the credit ``frozen_partner`` learn beside.
        baselines: by role, moving means of the returns of roles with the credit ``role_baseline``.
    """

    def __init__(self, scenario: Scenario, policies: Mapping[str, Policy], rollouts: Rollouts) -> None:
        self.scenario = scenario
        self.policies = policies
        self.rollouts = rollouts
        self.bound = scenario.bound
        self.credit = {name: member.credit for name, member in scenario.members.items()}
        self.partners: dict[str, Policy] = {}
        self.baselines: dict[str, float] = {}
        self._played_by: dict[str, Player] = {}

    def begin_phase(self) -> None:
        """Copy the weights that partners keep until the next phase."""
        wanted = {
            name
            for role, own in self.bound.items()
            for agent, name in self.bound.items()
            if agent != role and name in self.policies and own in self.credit and self._freezes(own)
        }
        self._seat({name: self.policies[name].frozen() for name in sorted(wanted)})

    async def of(
        self, episodes: Sequence[Episode], training: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, list[Episode]], dict[str, float]]:
        """Return for each policy of `training` the episodes its roles learn from; and metrics of them, by role."""
        metrics: dict[str, float] = {}
        coalitions = Coalitions(self.rollouts, episodes)
        lessons = {
            name: await self._lesson(name, roles, coalitions, training, metrics) for name, roles in training.items()
        }
        return lessons, metrics

    async def _lesson(
        self,
        name: str,
        roles: Sequence[str],
        coalitions: Coalitions,
        learners: Collection[str],
        metrics: dict[str, float],
    ) -> list[Episode]:
        episodes = coalitions.episodes
        if self._freezes(name):
            return [one for role in roles for one in await self._beside_frozen(role, episodes, learners, metrics)]
        if self.credit[name].name == "own":
            return list(episodes)
        pay = {role: await self._pay(role, self.credit[name], coalitions, metrics) for role in roles}
        metrics.update({f"{role}/credit": mean(pay[role]) for role in roles})
        return [paid(episode, {role: pay[role][at] for role in roles}) for at, episode in enumerate(episodes)]

    async def _pay(
        self, role: str, credit: CreditSpec, coalitions: Coalitions, metrics: dict[str, float]
    ) -> list[float]:
        """Return the role's pay for each episode."""
        default = credit.default or "silent"
        if credit.name == "shapley":
            return await coalitions.shapley(role, self.scenario.roles, default)
        if credit.name == "role_baseline":
            own = [episode.reward(role) + episode.idle.get(role, 0.0) for episode in coalitions.episodes]
            decay = _DECAY if credit.decay is None else credit.decay
            pay, self.baselines[role] = less_baseline(own, self.baselines.get(role, 0.0), decay)
            metrics[f"{role}/baseline"] = self.baselines[role]
            return pay
        earned = await coalitions.without((), default)
        if credit.name == "shared":
            return earned
        without = await coalitions.without({role}, default)
        metrics[f"{role}/repeated"] = coalitions.repeated[frozenset({role})]
        return [pay - less for pay, less in zip(earned, without, strict=True)]

    async def _beside_frozen(
        self, role: str, episodes: Sequence[Episode], learners: Collection[str], metrics: dict[str, float]
    ) -> list[Episode]:
        """Play the same tasks with the partners as they were; as they are where none of them learns in this phase."""
        partners = [agent for agent, name in self.bound.items() if agent != role and name in self.partners]
        if not any(self.bound[agent] in learners for agent in partners):
            return [spoken_by(episode, role) for episode in episodes]
        frozen = {agent: self._played_by[self.bound[agent]] for agent in partners}
        played = await self._play(role, {**self.rollouts.players, **frozen}, episodes)
        metrics[f"{role}/credit"] = mean([episode.reward(role) for episode in played])
        return [spoken_by(episode, role) for episode in played]

    async def _play(self, key: str, players: Mapping[str, Player], episodes: Sequence[Episode]) -> list[Episode]:
        """Play the tasks of the episodes again, with other players and chances of their own."""
        rollouts = replace(self.rollouts, players=players, key=f"{self.rollouts.key}/{key}")
        return await rollouts.play([Task.of(episode) for episode in episodes])

    def _freezes(self, name: str) -> bool:
        return self.credit[name].name == "frozen_partner"

    def _seat(self, partners: Mapping[str, Policy]) -> None:
        for partner in self.partners.values():
            self.scenario.engine.close(partner)
        self.partners = dict(partners)
        self._played_by = policy_players(self.scenario, self.partners)

    def state_dict(self) -> dict[str, Any]:
        """Return the partners' weights, and the baselines."""
        return {
            "partners": {name: partner.learnt() for name, partner in self.partners.items()},
            "baselines": dict(self.baselines),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up weights that `state_dict` returned."""
        self.baselines = dict(state["baselines"])
        partners = {name: self.policies[name].frozen() for name in state["partners"]}
        for name, partner in partners.items():
            partner.take_up(state["partners"][name])
        self._seat(partners)
