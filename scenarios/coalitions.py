"""What would the team have earned without some of its roles?

Episodes are played again with scripted agents in their place. Every agent that stays repeats its recorded replies as
long as it is asked the same; then its own player answers.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from math import factorial

from syllogym import agents
from syllogym.agents.episode import Episode
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rollout import Rollouts, Task
from syllogym.scenarios.credit import team_return

MOST = 64
"""Times that the episodes of a rollout are played again for Shapley values."""


class Coalitions:
    """Team returns of recorded episodes with some roles replaced; each coalition is played once.

    Args:
        rollouts: with which the team plays. episodes: that were played.

    Attributes:
        repeated: by those left out, the share of the others' moves that were repeated.
    """

    def __init__(self, rollouts: Rollouts, episodes: Sequence[Episode]) -> None:
        self.rollouts = rollouts
        self.episodes = episodes
        self.repeated: dict[frozenset[str], float] = {}
        self._earned: dict[tuple[frozenset[str], str], list[float]] = {}

    async def without(self, out: Collection[str], default: str) -> list[float]:
        """Return what each episode earns with the agent `default` in the place of those in `out`.

        A replay that is lost to a fault earns nothing.
        """
        key = frozenset(out), default
        if not out:
            return [team_return(episode) for episode in self.episodes]
        if key not in self._earned:
            self._earned[key] = await self._play(key[0], default)
        return self._earned[key]

    async def shapley(self, role: str, roles: Sequence[str], default: str) -> list[float]:
        """Return a role's Shapley value in each episode: what it adds to the roles before it, on average over orders.

        Exact where the roles have at most `MOST` coalitions; else over as many drawn orders as that allows, the same
        for every role, so that the shares of all roles add up to what the team earns more than without any of them.
        """
        sums = [0.0] * len(self.episodes)
        for weight, before in _before(role, roles):
            absent = set(roles) - before
            with_it, without = await self.without(absent - {role}, default), await self.without(absent, default)
            for at, (more, less) in enumerate(zip(with_it, without, strict=True)):
                sums[at] += weight * (more - less)
        return sums

    async def _play(self, out: frozenset[str], default: str) -> list[float]:
        replays = {agent: ReplayPlayer(player, self.episodes) for agent, player in self.rollouts.players.items()}
        players = {agent: agents.get(default)() if agent in out else replays[agent] for agent in replays}
        key = f"{self.rollouts.key}/without {', '.join(sorted(out))}"
        rollouts = replace(self.rollouts, players=players, key=key)
        played = await rollouts.play([Task.of(episode) for episode in self.episodes])
        others = [replays[agent] for agent in replays if agent not in out]
        asked = sum(other.asked for other in others)
        self.repeated[out] = sum(other.repeated for other in others) / max(1, asked)
        earned = {(episode.group, episode.index): team_return(episode) for episode in played}
        return [earned.get((episode.group, episode.index), 0.0) for episode in self.episodes]


def _before(role: str, roles: Sequence[str]) -> Iterator[tuple[float, set[str]]]:
    """Yield which roles may come before one, with the share of the orders in which they do."""
    others = [other for other in roles if other != role]
    if 2 ** len(roles) <= MOST:
        for chosen in range(2 ** len(others)):
            before = {other for at, other in enumerate(others) if chosen >> at & 1}
            orders = factorial(len(before)) * factorial(len(others) - len(before))
            yield orders / factorial(len(roles)), before
        return
    dice, count = random.Random(0), MOST // len(roles)
    for _ in range(count):
        order = dice.sample(list(roles), len(roles))
        yield 1 / count, set(order[: order.index(role)])
