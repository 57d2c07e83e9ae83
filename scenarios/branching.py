"""Where do the branches of a rollout begin? In the middle of its episodes, at turns that chance draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syllogym.agents.episode import Episode
from syllogym.agents.league import dice_of
from syllogym.agents.rollout import Task, branches


@dataclass(frozen=True)
class Branching:
    """Draws the beginnings of branches; the same key draws the same.

    Attributes:
        each: groups of branches for each group of episodes. size: branches in a group.
        roles: whose moves are learnt from. key: text that seeds the draw.
        first: as many groups of branches have numbers already; theirs count down from -1.
    """

    each: int
    size: int
    roles: Sequence[str]
    key: str
    first: int = 0

    def tasks(self, groups: Mapping[int, Sequence[Episode]]) -> list[Task]:
        """Return the tasks of all branches.

        The n-th group of branches of a task goes on from its n-th episode that has a middle.
        """
        tasks: list[Task] = []
        for number, group in groups.items():
            long = [(episode, turns) for episode in group if (turns := list(self._middles(episode)))]
            for again in range(self.each if long else 0):
                trunk, turns = long[again % len(long)]
                turn = dice_of(f"{self.key}/{number}/{again}").choice(turns)
                tasks += branches(trunk, turn, -1 - self.first - len(tasks) // self.size, self.size)
        return tasks

    def _middles(self, episode: Episode) -> Iterable[int]:
        """Return the turns after the first in which somebody moves who is learnt from."""
        own = episode.own(self.roles)
        moved = {step.turn for step in episode.steps if step.agent in own and step.token_ids}
        return sorted(moved - {step.turn for step in episode.steps[:1]})
