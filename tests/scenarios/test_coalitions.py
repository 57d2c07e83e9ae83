"""Do Shapley values keep to their replays, and do all shares add up, however many roles there are?"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from syllogym.agents.rollout import Rollouts
from syllogym.scenarios.coalitions import MOST, Coalitions

ROLES = {count: [f"r{number}" for number in range(count)] for count in (3, 6, 9)}


class Pairs(Coalitions):
    """A team in which every two neighbours who are both there earn 1."""

    def __init__(self) -> None:
        super().__init__(Rollouts({}), [])
        self.asked: set[frozenset[str]] = set()

    async def without(self, out: Collection[str], default: str) -> list[float]:
        self.asked.add(frozenset(out))
        here = [int(role[1:]) for role in self.roles if role not in out]
        return [float(sum(one + 1 in here for one in here))]

    def values(self, roles: list[str]) -> list[float]:
        self.roles = roles
        self.episodes = [None]  # type: ignore[list-item] - one, which is never looked at
        return [asyncio.run(self.shapley(role, roles, "silent"))[0] for role in roles]


def test_the_values_of_neighbours_are_half_a_pair_each() -> None:
    assert Pairs().values(ROLES[3]) == pytest.approx([0.5, 1.0, 0.5])


@pytest.mark.parametrize("count", [3, 6, 9])
def test_all_values_add_up_to_what_the_team_earns(count: int) -> None:
    assert sum(Pairs().values(ROLES[count])) == pytest.approx(count - 1)


@pytest.mark.parametrize("count", [3, 6, 9])
def test_no_more_coalitions_are_played_than_allowed(count: int) -> None:
    pairs = Pairs()
    pairs.values(ROLES[count])
    assert len(pairs.asked) <= MOST
