"""Which episode is to be played? Its environment, its seed, and perhaps how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syllogym.agents.episode import Episode, Step
from syllogym.errors import UserError


@dataclass(frozen=True)
class Task:
    """One episode to play.

    Attributes:
        env, options, split, max_turns: what `envs.make` is given.
        seed: of the episode. Members of a group share it.
        group, index: which group, and the member's number in it.
        prefix: moves of a recorded episode that are repeated before anybody is asked (see `branches`).
    """

    env: str
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    split: str | None = None
    group: int = 0
    index: int = 0
    max_turns: int | None = None
    prefix: tuple[Step, ...] = ()

    @classmethod
    def of(cls, episode: Episode) -> Task:
        """Return the task that an episode played."""
        return cls(
            episode.env,
            episode.seed,
            episode.options,
            episode.split,
            episode.group,
            episode.index,
            episode.max_turns,
            tuple(step for step in episode.steps if step.given),
        )

    def episode(self) -> Episode:
        """Return the episode of this task before its first move."""
        return Episode(
            self.env, self.seed, dict(self.options), self.split, self.group, self.index, max_turns=self.max_turns
        )


def branches(episode: Episode, turn: int, group: int, count: int) -> list[Task]:
    """Return tasks that repeat an episode up to a turn and go on from there, each with its own chance.

    They form a group: methods that compare the replies of a group compare continuations of one state.

    Args:
        episode: that was played, under any weights; its moves before `turn` become context (`Step.given`).
        turn: of the environment, at which the branches begin; at least one was played before it.
        group: number of the new group, which no other group has that is learnt from together with it.
        count: branches.

    Raises:
        UserError: the episode has no such turn.
    """
    turns = sorted({step.turn for step in episode.steps})[1:]
    if turn not in turns:
        has = f"it can branch at {', '.join(map(str, turns))}" if turns else "it has one turn only"
        raise UserError(f"{episode.env}, seed {episode.seed}, cannot branch at turn {turn}: {has}.")
    prefix = tuple(step for step in episode.steps if step.turn < turn)
    return [
        Task(episode.env, episode.seed, episode.options, episode.split, group, index, episode.max_turns, prefix)
        for index in range(count)
    ]
