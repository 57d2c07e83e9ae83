"""How are many episodes played at once? Each by a coroutine of its own, so that nobody waits for the slowest."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeAlias

from syllogym import envs
from syllogym.agents.calls import Calls
from syllogym.agents.episode import Episode
from syllogym.agents.episode_loop import EpisodeLoop
from syllogym.agents.event_loop import run_alone
from syllogym.agents.player import Player
from syllogym.agents.rare_collections import rare_collections
from syllogym.agents.task import Task, branches
from syllogym.agents.watchdog import Hang
from syllogym.envs import Fault
from syllogym.errors import UserError

Overflow: TypeAlias = Literal["stop", "end"]

Enough: TypeAlias = Callable[[int, Sequence[Episode], int], Iterable[int]]
"""Told of each episode that is over: its group, the finished episodes of that group in the order of their tasks, and
how many of its members are still to come. Returns the groups that can no longer matter."""


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
        episode_timeout: seconds an episode may take, replies and all; None for no bound.
        alike: agents who say the same in all episodes of a group as long as they are asked the same.
        threads: in which environments that are `blocking` are called.
        faults: how often each fault occurred. places: where each occurred first.
        slots: held during each episode; a semaphore bounds how many are under way in all calls of `play` together.
    """

    players: Mapping[str, Player]
    key: str = ""
    live: int = 4096
    turn_timeout: float = 60.0
    max_faults: float = 0.1
    overflow: Overflow = "stop"
    episode_timeout: float | None = None
    alike: Collection[str] = ()
    threads: int = 32
    faults: Counter[str] = field(default_factory=Counter)
    places: dict[str, str] = field(default_factory=dict)
    slots: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    _free: defaultdict[tuple[str, str | None, int | None], list[Any]] = field(
        default_factory=partial(defaultdict, list), init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for name, fine, wanted in (
            ("live", self.live >= 1, "at least 1"),
            ("turn_timeout", self.turn_timeout > 0, "above 0 seconds"),
            ("max_faults", 0 <= self.max_faults <= 1, "a share from 0 to 1"),
            ("episode_timeout", self.episode_timeout is None or self.episode_timeout > 0, "above 0 seconds, or None"),
            ("threads", self.threads >= 1, "at least 1"),
        ):
            if not fine:
                raise UserError(f"{name} of rollouts is {wanted}; not {getattr(self, name)}.")

    def run(self, tasks: Sequence[Task], enough: Enough | None = None) -> list[Episode]:
        """Play every task; return the episodes in the order of the tasks, without those lost to faults.

        Args:
            tasks: what to play.
            enough: asked after each episode which groups can no longer matter. Those are cancelled, and none of their
                episodes is returned, so the result does not depend on how far they had come.

        Raises:
            TooManyFaults: more than `max_faults` of them were lost.
            Stuck: every thread for blocking environments is lost in a call.
        """
        return run_alone(self.play(tasks, enough))

    async def play(self, tasks: Sequence[Task], enough: Enough | None = None) -> list[Episode]:
        """Do as `run`, inside an event loop."""
        with rare_collections():
            return await _Round(self, tasks, enough).play()

    def most_frequent(self) -> str:
        """Say which fault was met most often, how often, and where first; nothing where there was none."""
        if not self.faults:
            return ""
        fault, times = self.faults.most_common(1)[0]
        often = "once" if times == 1 else f"{times} times"
        return f"{often} {fault}, first in {self.places[fault]}"

    def _player(self, agent: str, task: Task) -> Player:
        """Return who answers for an agent in a task."""
        return self.players[agent] if agent in self.players else self.players["*"]

    def _lose(self, fault: Fault, task: Task) -> None:
        self.faults[fault.what] += 1
        self.places.setdefault(fault.what, fault.where or f"{task.env} (seed {task.seed})")


class _Round:
    """The playing of some tasks: who plays what now, what is finished, what is lost, what is no longer wanted."""

    def __init__(self, rollouts: Rollouts, tasks: Sequence[Task], enough: Enough | None) -> None:
        self.rollouts = rollouts
        self.tasks = tasks
        self.enough = enough
        self.queue = iter(enumerate(tasks))
        self.calls = Calls(rollouts.turn_timeout, rollouts.threads)
        self.played: dict[int, Episode] = {}
        self.members: dict[int, list[int]] = defaultdict(list)
        for at, task in enumerate(tasks if enough else ()):
            self.members[task.group].append(at)
        self.over: Counter[int] = Counter()
        self.lost = 0
        self.unwanted: set[int] = set()
        self.under_way: dict[asyncio.Task[None], int] = {}

    async def play(self) -> list[Episode]:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self.rollouts.live, len(self.tasks))):
                    group.create_task(self._work())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors.exceptions[0].__cause__
        finally:
            self.calls.close()
        return [self.played[at] for at in sorted(self.played) if self.tasks[at].group not in self.unwanted]

    async def _work(self) -> None:
        """Play one task after the other."""
        me = asyncio.current_task()
        assert me is not None
        for at, task in self.queue:
            if task.group in self.unwanted:
                continue
            self.under_way[me] = task.group
            try:
                async with self.rollouts.slots:
                    self.played[at] = await self._in_time(task)
            except Fault as fault:
                self._lose(fault, task)
            except Hang as hang:  # in the engine, not in a hook
                self._lose(Fault(str(hang)), task)
            except asyncio.CancelledError:
                if not me.cancelling():
                    self._lose(Fault("an environment or a player cancelled itself"), task)
                elif task.group not in self.unwanted or me.uncancel() > 0:
                    raise
            finally:
                del self.under_way[me]
            if self.enough:
                self._ask_whether_enough(task.group)
            await asyncio.sleep(0)  # an episode that never waited lets the others in

    async def _in_time(self, task: Task) -> Episode:
        limit = self.rollouts.episode_timeout
        if limit is None:
            return await self._play(task)
        try:
            async with asyncio.timeout(limit) as clock:
                return await self._play(task)
        except TimeoutError:
            if not clock.expired():
                raise
            raise Fault(f"the episode took longer than {limit:g} s") from None

    async def _play(self, task: Task) -> Episode:
        """Play in a free environment, which is free again afterwards, unless something went wrong in it."""
        free = self.rollouts._free[task.env, task.split, task.max_turns]
        env = free.pop() if free else envs.make_plain(task.env, split=task.split, max_turns=task.max_turns)
        rollouts = self.rollouts
        player = partial(rollouts._player, task=task)
        how: dict[str, Any] = {"ends": rollouts.overflow == "end", "alike": rollouts.alike}
        loop = EpisodeLoop(env, task, self.calls, player, rollouts.key, **how)
        episode = await loop.play()
        free.append(env)
        return episode

    def _lose(self, fault: Fault, task: Task) -> None:
        self.lost += 1
        self.rollouts._lose(fault, task)
        if self.lost > self.rollouts.max_faults * len(self.tasks):
            raise TooManyFaults(
                f"{self.lost} of {len(self.tasks)} episodes were lost to faults, more than "
                f"{self.rollouts.max_faults:.0%}. The most frequent: {self.rollouts.most_frequent()}."
            )

    def _ask_whether_enough(self, group: int) -> None:
        """Cancel what can no longer matter, now that one more episode of a group is over."""
        assert self.enough is not None
        self.over[group] += 1
        finished = [self.played[at] for at in self.members[group] if at in self.played]
        left = len(self.members[group]) - self.over[group]
        unwanted = set(self.enough(group, finished, left)) - self.unwanted
        self.unwanted |= unwanted
        for worker, its_group in self.under_way.items():
            if its_group in unwanted:
                worker.cancel()


__all__ = ["Enough", "Rollouts", "Task", "TooManyFaults", "branches"]
