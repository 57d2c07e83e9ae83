"""Who plays the agents that do not learn? In a league, past selves of the policies, and scripted agents.

In every group of episodes one of the learning roles is the learner. With chance `latest` all others play by the newest
weights, and learn too; else each trained role but the learner's is cast: a past self of its own policy, or a scripted
agent, plays it, and what it says is not learnt from (`Episode.cast`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from syllogym.agents.episode import Episode, mean
from syllogym.agents.league import League, dice_of
from syllogym.agents.player import Player, Request
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts
from syllogym.agents.weights import adapted
from syllogym.envs import Reply
from syllogym.scenarios.build import policy_players
from syllogym.scenarios.schema import Scenario


class PastSelves:
    """Keeps past selves of every policy and casts them; it does nothing where the scenario has no league.

    Past selves are kept in main memory and go to the policy's device while they play.

    Args:
        scenario: says who is met, and how often.
        policies: that learn, by name.
        rollouts: whose players' seats are handed over.
    """

    def __init__(self, scenario: Scenario, policies: Mapping[str, Policy], rollouts: Rollouts) -> None:
        self.scenario = scenario
        self.spec = scenario.league
        self.policies = policies
        self.bound = {role: scenario.bound[role] for role in scenario.roles}
        self.learning = scenario.roles
        self.leagues: dict[str, League[Policy]] = {}
        self._players: dict[Policy, Player] = {}
        self._results: dict[str, list[tuple[str, float]]] = {}
        if self.spec is not None:
            self._scripted = {player.name: player.player for player in self.spec.scripted}
            for name in policies:
                self.leagues[name] = League(self.spec.weights, self.spec.keep, list(self._scripted))
            seats = {role: Seat(rollouts.players[role], self) for role in self.bound}
            rollouts.players = {**rollouts.players, **seats}

    def begin(self, step: int, training: Mapping[str, Sequence[str]]) -> None:
        """Begin a rollout in which the given roles of each policy learn; admit past selves when it is time."""
        self.learning = [role for roles in training.values() for role in roles]
        for name, league in self.leagues.items():
            assert self.spec is not None
            if step % self.spec.every == 0 and step not in league.past:
                league.admit(step, _sent(self.policies[name].frozen(), "cpu"))

    def cast(self, episode: Episode) -> dict[str, str]:
        """Draw who plays instead of the trained policies; all episodes of a group have the same cast."""
        assert self.spec is not None
        epoch = episode.index // self.scenario.train.group
        key = f"{self.scenario.seed}/league/{episode.seed}/{epoch}"
        if dice_of(key).random() < self.spec.latest:
            return {}
        learner = self.learning[(episode.group + epoch) % len(self.learning)]
        others = {role: name for role, name in self.bound.items() if role != learner}
        return {role: self.leagues[name].draw(f"{key}/{role}") for role, name in others.items()}

    def player(self, role: str, name: str) -> Player:
        """Return the player of somebody who was cast for a role."""
        owner = self.bound[role]
        past = self.leagues[owner].past_self(name)
        if past is None:
            return self._scripted[name]
        if past not in self._players:
            _sent(past, self.policies[owner].device)
            self._players[past] = policy_players(self.scenario, {owner: past})[owner]
        return self._players[past]

    def note(self, episodes: Sequence[Episode]) -> None:
        """Note how the learner of each episode did against those who were cast: it won where it was paid more."""
        for episode in episodes:
            own = mean([_earned(episode, role) for role in episode.own(self.learning)])
            for role, name in episode.cast.items():
                theirs = _earned(episode, role)
                won = 1.0 if own > theirs else 0.5 if own == theirs else 0.0
                self._results.setdefault(self.bound[role], []).append((name, won))

    def settle(self) -> dict[str, float]:
        """End a rollout: take up its results, send the past selves home. Return the metrics of every league."""
        metrics: dict[str, float] = {}
        for owner, league in self.leagues.items():
            results = self._results.pop(owner, [])
            league.record(results)
            where = f"league/{owner}" if len(self.leagues) > 1 else "league"
            metrics[f"{where}/size"] = float(len(league.past))
            if results:
                metrics[f"{where}/won"] = mean([won for _, won in results])
            metrics |= {f"{where}/{name}": league.share_won(name) for name in league.names}
        for past in self._players:
            self.scenario.engine.close(past)
            _sent(past, "cpu")
        self._players = {}
        return metrics

    def state_dict(self) -> dict[str, Any]:
        """Return the past selves' weights and versions, and the results."""
        return {
            name: {
                "past": {step: (past.learnt(), past.version) for step, past in league.past.items()},
                "results": league.state_dict(),
            }
            for name, league in self.leagues.items()
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        for name, league in self.leagues.items():
            for step, (weights, version) in state[name]["past"].items():
                past = _sent(self.policies[name].frozen(), "cpu")
                past.take_up(weights)
                past.version = version
                league.past[step] = past
            league.load_state_dict(state[name]["results"])


class Seat:
    """A trained policy's seat, which somebody else may be cast for from episode to episode."""

    def __init__(self, player: Player, selves: PastSelves) -> None:
        self.player = player
        self.selves = selves
        self.context = player.context

    async def act(self, request: Request) -> Reply:
        """Let whoever has the seat move; the first to move in an episode draws the cast for all."""
        episode = request.episode
        episode.cast = episode.cast or self.selves.cast(episode)
        name = episode.cast.get(request.agent)
        return await (self.player if name is None else self.selves.player(request.agent, name)).act(request)


def _sent(policy: Policy, device: torch.device | str) -> Policy:
    """Move a past self's weights; one with an adapter is small, and its base is everybody's, so it stays."""
    return policy if adapted(policy.model) else policy.to(device)


def _earned(episode: Episode, role: str) -> float:
    return episode.reward(role) + episode.idle.get(role, 0.0)
