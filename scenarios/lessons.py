"""Which episodes does each policy learn from? Those that were played, paid by its credit; or others, played for it.

The copies made here are for learning only: what is logged are the episodes and rewards as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from syllogym import agents
from syllogym.agents.episode import Episode, mean
from syllogym.agents.player import Player
from syllogym.agents.policy import Policy
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rollout import Rollouts, Task
from syllogym.scenarios.build import policy_players
from syllogym.scenarios.credit import CreditSpec, paid, spoken_by, team_return
from syllogym.scenarios.schema import Scenario


class Lessons:
    """Gives each policy its episodes.

    Args:
        scenario: says who plays whom, and how each member is paid.
        policies: that learn, by name.
        rollouts: with which the team plays; what is played for a lesson is played with the same settings.

    Attributes:
        partners: copies of the policies that roles with the credit ``frozen_partner`` learn beside.
    """

    def __init__(self, scenario: Scenario, policies: Mapping[str, Policy], rollouts: Rollouts) -> None:
        self.scenario = scenario
        self.policies = policies
        self.rollouts = rollouts
        self.bound = scenario.bound
        self.credit = {name: member.credit for name, member in scenario.members.items()}
        self.partners: dict[str, Policy] = {}
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
        lessons = {
            name: await self._lesson(name, roles, episodes, training, metrics) for name, roles in training.items()
        }
        return lessons, metrics

    async def _lesson(
        self,
        name: str,
        roles: Sequence[str],
        episodes: Sequence[Episode],
        learners: Collection[str],
        metrics: dict[str, float],
    ) -> list[Episode]:
        if self._freezes(name):
            return [one for role in roles for one in await self._beside_frozen(role, episodes, learners, metrics)]
        if self.credit[name].name == "own":
            return list(episodes)
        pay = {role: await self._pay(role, self.credit[name], episodes, metrics) for role in roles}
        metrics.update({f"{role}/credit": mean(pay[role]) for role in roles})
        return [paid(episode, {role: pay[role][at] for role in roles}) for at, episode in enumerate(episodes)]

    async def _pay(
        self, role: str, credit: CreditSpec, episodes: Sequence[Episode], metrics: dict[str, float]
    ) -> list[float]:
        """Return the role's pay for each episode; where a fault took the replay, it is the team's return."""
        earned = [team_return(episode) for episode in episodes]
        if credit.name == "shared":
            return earned
        replays = {agent: ReplayPlayer(player, episodes) for agent, player in self.rollouts.players.items()}
        others = [replays[agent] for agent in replays if agent != role]
        played = await self._play(
            f"without {role}", {**replays, role: agents.get(credit.default or "silent")()}, episodes
        )
        without = {(episode.group, episode.index): team_return(episode) for episode in played}
        asked = sum(other.asked for other in others)
        metrics[f"{role}/repeated"] = sum(other.repeated for other in others) / max(1, asked)
        return [
            pay - without.get((episode.group, episode.index), 0.0)
            for pay, episode in zip(earned, episodes, strict=True)
        ]

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
        """Return the partners' weights."""
        return {name: partner.learnt() for name, partner in self.partners.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up weights that `state_dict` returned."""
        partners = {name: self.policies[name].frozen() for name in state}
        for name, partner in partners.items():
            partner.take_up(state[name])
        self._seat(partners)
