"""How is an episode played again with one seat changed? The others repeat what was recorded, while it fits."""

from __future__ import annotations

from collections.abc import Iterable

from syllogym.agents.episode import Episode, Step
from syllogym.agents.player import Player, Request
from syllogym.envs import Reply


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
        if step.parent < 0:
            request.parent = -1
        return step.said()

    def _recorded(self, request: Request) -> Step | None:
        """Return the move that was recorded here, None where the agent has heard or said anything else by now."""
        before = _moves(self.recorded[request.episode.group, request.episode.index], request.agent)
        now = _moves(request.episode, request.agent)
        if len(now) >= len(before) or any(map(_differ, now, before)):
            return None
        step = before[len(now)]
        asked_the_same = (step.turn, step.prompt) == (request.env.turn, list(request.prompt.messages))
        return step if asked_the_same else None


def _moves(episode: Episode, agent: str) -> list[Step]:
    return [step for step in episode.steps if step.agent == agent]


def _differ(one: Step, other: Step) -> bool:
    return (one.turn, one.prompt, one.reply) != (other.turn, other.prompt, other.reply)
