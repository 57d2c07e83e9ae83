"""How are many episodes played at once? One straight-line coroutine an episode; batching hides behind the engines."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from syllogym import envs
from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.episode import Episode
from syllogym.agents.player import Player, Request
from syllogym.agents.watchdog import Hang, Watchdog
from syllogym.envs import Fault, Reply
from syllogym.envs.chance import key_of

Overflow: TypeAlias = Literal["stop", "end"]


@dataclass(frozen=True)
class Task:
    """One episode to play.

    Attributes:
        env, options, split, max_turns: what `envs.make` is given.
        seed: of the episode. Members of a group share it.
        group, index: which group, and the member's number in it.
    """

    env: str
    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    split: str | None = None
    group: int = 0
    index: int = 0
    max_turns: int | None = None

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
        )


class TooManyFaults(RuntimeError):
    """More episodes were lost to faults than the run allows; the message shows the most frequent."""


@dataclass
class Rollouts:
    """Plays tasks with the players of their agents.

    Attributes:
        players: who answers for each agent; ``"*"`` for those not named.
        key: text that, with the task, seeds every move.
        live: episodes under way at one time.
        turn_timeout: seconds an environment may take for one call.
        max_faults: share of episodes that may be lost to faults before the run stops.
        overflow: what happens when a context has become too long for a model: ``stop`` raises `ContextOverflow`,
            ``end`` truncates the episode there (`Episode.overflowed`).
        faults: how often each fault occurred.
        slots: held during each episode; a semaphore bounds how many are under way in all calls of `play` together.
    """

    players: Mapping[str, Player]
    key: str = ""
    live: int = 4096
    turn_timeout: float = 60.0
    max_faults: float = 0.1
    overflow: Overflow = "stop"
    faults: Counter[str] = field(default_factory=Counter)
    slots: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)

    def run(self, tasks: Sequence[Task]) -> list[Episode]:
        """Play every task; return the episodes in the order of the tasks, without those lost to faults.

        Raises:
            TooManyFaults: more than `max_faults` of them were lost.
        """
        return asyncio.run(self.play(tasks))

    async def play(self, tasks: Sequence[Task]) -> list[Episode]:
        """Do as `run`, inside an event loop."""
        watchdog = Watchdog(self.turn_timeout)
        queue = iter(enumerate(tasks))
        played: list[Episode | None] = [None] * len(tasks)
        lost: Counter[str] = Counter()

        async def worker() -> None:
            pool: dict[tuple[str, str | None, int | None], Any] = {}
            for at, task in queue:
                kind = (task.env, task.split, task.max_turns)
                if kind not in pool:
                    pool[kind] = envs.make_plain(task.env, split=task.split, max_turns=task.max_turns)
                try:
                    async with self.slots:
                        played[at] = await self._episode(pool[kind], task, watchdog)
                except (Fault, Hang) as fault:
                    lost[str(fault)] += 1
                    self._give_up_if_hopeless(lost, len(tasks))

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.live, len(tasks))):
                    group.create_task(worker())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors.exceptions[0].__cause__
        finally:
            watchdog.close()
            self.faults.update(lost)
        return [episode for episode in played if episode is not None]

    def _give_up_if_hopeless(self, lost: Counter[str], planned: int) -> None:
        if lost.total() > self.max_faults * planned:
            fault, times = lost.most_common(1)[0]
            raise TooManyFaults(
                f"{lost.total()} of {planned} episodes were lost to faults of the environment, more than "
                f"{self.max_faults:.0%}. The most frequent ({times} times): {fault}"
            )

    async def _episode(self, env: Any, task: Task, watchdog: Watchdog) -> Episode:
        episode = Episode(
            task.env, task.seed, dict(task.options), task.split, task.group, task.index, max_turns=task.max_turns
        )
        with watchdog:
            env.reset(seed=task.seed, options=task.options)
        latest: dict[str, int] = {}
        while not env.over:
            waiting = env.waiting
            try:
                moves = await asyncio.gather(*(self._ask(env, agent, episode, latest) for agent in waiting))
            except ContextOverflow:
                if self.overflow == "stop":
                    raise
                episode.overflowed = True
                break
            for request, reply in moves:
                episode.append(request.agent, env.turn, request.prompt, reply, request.parent, request.recalled)
                latest[request.agent] = len(episode.steps) - 1
            with watchdog:
                rewards, _ = env.act({request.agent: reply for request, reply in moves})
            for agent, reward in rewards.items():
                episode.pay(agent, latest.get(agent), reward)
        for turn, reward in env.settled.items():
            pay = reward if isinstance(reward, Mapping) else dict.fromkeys(env.agents, reward)
            for agent, value in pay.items():
                episode.pay(agent, _last_move(episode, agent, turn), value)
        episode.terminated, episode.truncated = env.terminated, env.truncated or episode.overflowed
        return episode

    async def _ask(self, env: Any, agent: str, episode: Episode, latest: Mapping[str, int]) -> tuple[Request, Reply]:
        player = self._player(agent)
        parent = latest.get(agent, -1) if player.context == "conversation" else -1
        seed = key_of(f"{self.key}/{episode.env}/{episode.seed}/{episode.index}/{agent}/{env.turn}")
        request = Request(env, agent, env.observe(agent), episode, parent, seed)
        return request, await player.act(request)

    def _player(self, agent: str) -> Player:
        return self.players[agent] if agent in self.players else self.players["*"]


def _last_move(episode: Episode, agent: str, turn: int) -> int | None:
    """Return the agent's step in a turn, or its last one before; None when it had not moved by then."""
    moves = [at for at, step in enumerate(episode.steps) if step.agent == agent and step.turn <= turn]
    return moves[-1] if moves else None
