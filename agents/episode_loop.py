"""How is one episode played? Ask whose turn it is, let the environment hear the replies, note what it pays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from syllogym.agents.calls import Calls
from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.episode import Episode, Step
from syllogym.agents.player import Player, Request
from syllogym.agents.task import Task
from syllogym.envs import Reply
from syllogym.envs.chance import key_of

Move = tuple[Request, Reply]


class EpisodeLoop:
    """Plays one task in an environment.

    Args:
        env: made for the task. task: what is played.
        calls: how the environment is called.
        player: says who answers for an agent.
        key: text that, with the task, seeds every move.
        ends: an episode whose context has become too long is truncated; otherwise `ContextOverflow` is raised.
        alike: agents whose chance is the same in all episodes of a group.
    """

    def __init__(
        self,
        env: Any,
        task: Task,
        calls: Calls,
        player: Callable[[str], Player],
        key: str,
        *,
        ends: bool = False,
        alike: Collection[str] = (),
    ) -> None:
        self.env = env
        self.task = task
        self.calls = calls
        self.player = player
        self.ends = ends
        branch = f"/branch {task.group}" if task.prefix else ""
        self.alike = alike
        self.group_chance = f"{key}/{task.env}/{task.seed}{branch}"
        self.chance = f"{self.group_chance}/{task.index}"
        self.episode = task.episode()
        self.latest: dict[str, int] = {}

    async def play(self) -> Episode:
        """Play to the end. Raises `Fault` where the environment, or what was to be repeated, goes wrong."""
        env, task, episode = self.env, self.task, self.episode
        await self.calls.begin(env, task.seed, task.options)
        while not env.over:
            repeated = len(episode.steps) < len(task.prefix)
            try:
                moves = self._repeat() if repeated else await self._ask_all(env.waiting)
            except ContextOverflow:
                if not self.ends:
                    raise
                episode.overflowed = True
                break
            for request, reply in moves:
                step = episode.append(request.agent, env.turn, request.prompt, reply, request.parent, request.recalled)
                step.given = repeated
                self.latest[request.agent] = len(episode.steps) - 1
            rewards = await self.calls.act(env, {request.agent: reply for request, reply in moves})
            for agent, reward in rewards.items():
                episode.pay(agent, self.latest.get(agent), reward)
        if len(episode.steps) <= len(task.prefix) and task.prefix and not episode.overflowed:
            raise env.fault("the episode is over before the moves that should be repeated are")
        for turn, pay in env.settled.items():
            each = pay if isinstance(pay, Mapping) else dict.fromkeys(env.agents, pay)
            for agent, reward in each.items():
                episode.pay(agent, _last_move(episode, agent, turn), reward)
        episode.terminated, episode.truncated = env.terminated, env.truncated or episode.overflowed
        return episode

    async def _ask_all(self, waiting: Sequence[str]) -> list[Move]:
        """Ask everybody who moves now, all at once."""
        if len(waiting) == 1:
            return [await self._ask(waiting[0])]
        asked = [asyncio.ensure_future(self._ask(agent)) for agent in waiting]
        try:
            return await asyncio.gather(*asked)
        except BaseException:
            for task in asked:  # gather leaves the others of one that fails running
                task.cancel()
            raise

    async def _ask(self, agent: str) -> Move:
        player = self.player(agent)
        parent = self.latest.get(agent, -1) if player.context == "conversation" else -1
        chance = self.group_chance if agent in self.alike else self.chance
        seed = key_of(f"{chance}/{agent}/{self.env.turn}")
        request = Request(self.env, agent, self.env.observe(agent), self.episode, parent, seed)
        return request, await player.act(request)

    def _repeat(self) -> list[Move]:
        """Return the recorded moves of this turn, if the environment asks for them as it did then."""
        env, done = self.env, len(self.episode.steps)
        steps = self.task.prefix[done : done + len(env.waiting)]
        moves = []
        for agent, step in zip(env.waiting, steps, strict=False):
            prompt = env.observe(agent)
            if (step.agent, step.turn, step.prompt) != (agent, env.turn, list(prompt.messages)):
                raise env.fault(f"it does not repeat what was recorded: {_asked(step)}, now {agent} is told {prompt!r}")
            request = Request(env, agent, prompt, self.episode, step.parent, 0, recalled=step.recalled)
            moves.append((request, step.said()))
        return moves


def _asked(step: Step) -> str:
    told = "\n".join(str(message["content"]) for message in step.prompt)
    return f"{step.agent} was told {told!r} in turn {step.turn}"


def _last_move(episode: Episode, agent: str, turn: int) -> int | None:
    """Return the agent's step in a turn, or its last one before; None when it had not moved by then."""
    moves = [at for at, step in enumerate(episode.steps) if step.agent == agent and step.turn <= turn]
    return moves[-1] if moves else None
