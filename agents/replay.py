"""How is an episode played again, perhaps with one seat changed? The others repeat what was recorded, while it fits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from syllogym.agents import register
from syllogym.agents.episode import Episode, Step
from syllogym.agents.episode_file import read_episodes
from syllogym.agents.player import Context, Player, Request
from syllogym.envs import Fault, Reply
from syllogym.errors import UserError


class ReplayPlayer:
    """Repeats an agent's recorded replies as long as it is asked the same; from then on the agent's own player answers.

    Args:
        player: of the agent.
        episodes: the recordings, each found again by its group and index.

    Attributes:
        asked: moves asked of it. repeated: how many of them it repeated.
    """

    def __init__(self, player: Player, episodes: Iterable[Episode]) -> None:
        self.player = player
        self.context = player.context
        self.recorded = {(episode.group, episode.index): episode for episode in episodes}
        self.asked = self.repeated = 0

    async def act(self, request: Request) -> Reply:
        """Repeat the recorded move with its tokens, or ask the player."""
        self.asked += 1
        step = self._recorded(request)
        if step is None:
            return await self.player.act(request)
        self.repeated += 1
        return _repeat(step, request)

    def _recorded(self, request: Request) -> Step | None:
        return recorded_move(self.recorded[request.episode.group, request.episode.index], request)


@register()
@dataclass(kw_only=True)
class Replay:
    """Says again what was recorded in a file, to the same tasks: environment, options, split, seed, index in the group.

    Attributes:
        path: an episodes.jsonl, perhaps compressed as .gz. Of several recordings of a task the last one counts.
    """

    context: ClassVar[Context] = "conversation"

    path: str

    def __post_init__(self) -> None:
        if not Path(self.path).is_file():
            raise UserError(f"replay.path: there is no file {self.path}.")

    async def act(self, request: Request) -> Reply:
        """Repeat the recorded move.

        Raises:
            UserError: the task was not recorded. Fault: the agent hears something else now, or its moves are at an end.
        """
        episode = self._episodes.get(_task(request.episode))
        if episode is None:
            raise UserError(
                f"replay: {self.path} has {len(self._episodes)} tasks, and not this one: {_task(request.episode)}. "
                "Record it, or play only those that are there."
            )
        step = recorded_move(episode, request)
        if step is None:
            raise Fault(
                f"replay: {request.agent} is asked in turn {request.env.turn} of seed {episode.seed} what it was not "
                "asked when this was recorded."
            )
        return _repeat(step, request)

    @cached_property
    def _episodes(self) -> dict[str, Episode]:
        return {_task(episode): episode for _, episode in read_episodes(Path(self.path))}


def recorded_move(recorded: Episode, request: Request) -> Step | None:
    """Return the move that was recorded here, None where the agent has heard or said anything else by now."""
    before = [step for step in recorded.steps if step.agent == request.agent]
    now = request.moves()
    if len(now) >= len(before) or any(map(_differ, now, before)):
        return None
    step = before[len(now)]
    asked_the_same = (step.turn, step.prompt) == (request.env.turn, list(request.prompt.messages))
    return step if asked_the_same else None


def _repeat(step: Step, request: Request) -> Reply:
    if step.parent < 0:
        request.parent, request.recalled = -1, step.recalled
    return step.said()


def _task(episode: Episode) -> str:
    options = json.dumps(episode.options, sort_keys=True, default=str)
    return f"{episode.env} {options}, split {episode.split}, seed {episode.seed}, index {episode.index}"


def _differ(one: Step, other: Step) -> bool:
    return (one.turn, one.prompt, one.reply) != (other.turn, other.prompt, other.reply)
