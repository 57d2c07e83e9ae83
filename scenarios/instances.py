"""Which training instances are played next? New ones without end, or a finite set again and again in epochs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch

from syllogym.envs.chance import key_of

Keep = Callable[[Mapping[int, list[bool]]], Iterable[int]]
"""Which instances stay, given for each one played in the epoch whether each of its episodes was solved."""

_STATE = ("epoch", "next", "stage", "present", "waiting", "history")


class Instances:
    """Hands out numbers of training instances.

    Args:
        count: how many there are, numbered from 0; None for as many as are asked for, each once.
        keep: asked at the end of every epoch which instances the next one has. When none is left, all return.
        chance: text that seeds the order of every epoch.
    """

    def __init__(self, count: int | None, keep: Keep, chance: str) -> None:
        self.count = count
        self.keep = keep
        self.chance = chance
        self.epoch = 0
        self.next = 0
        self.stage = 0
        self.present: list[int] = []
        self.waiting: list[int] = []
        self.history: dict[int, list[bool]] = {}

    def take(self, count: int, stage: int = 0) -> list[int]:
        """Return the numbers of the next instances: `count` of them, or those the epoch has left if they are fewer.

        Between two calls, `record` says how they were played. A new `stage` begins with all instances.
        """
        if self.count is None:
            self.next += count
            return list(range(self.next - count, self.next))
        if stage != self.stage:
            self.stage, self.present, self.waiting = stage, [], []
        if not self.waiting:
            self._begin_epoch(self.count)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def put_back(self, numbers: Sequence[int]) -> None:
        """Take back the last of those that `take` just returned: they were not played, and come first the next time."""
        if self.count is None:
            self.next -= len(numbers)
        else:
            self.waiting = [*numbers, *self.waiting]

    def record(self, number: int, solved: bool) -> None:
        """Note how one episode on an instance ended."""
        if self.count is not None:
            self.history.setdefault(number, []).append(solved)

    def _begin_epoch(self, count: int) -> None:
        self.epoch += 1
        kept = {*self.keep(self.history)}
        left = [number for number in self.present if number in kept or number not in self.history] or list(range(count))
        generator = torch.Generator().manual_seed(key_of(f"{self.chance}/{self.epoch}") >> 1)
        self.present = left
        self.waiting = [left[at] for at in torch.randperm(len(left), generator=generator).tolist()]
        self.history = {}

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold."""
        return {name: getattr(self, name) for name in _STATE}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        for name in _STATE:
            setattr(self, name, state[name])
