"""Can the agent find the light in a cave? A puzzle whose clues mislead at first, so that searching well pays."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import check_range

Way: TypeAlias = tuple[int, ...]
"""Which way was taken at each fork, from 1."""

_STRONGEST = 9
_RIGHT, _WRONG, _LOST = 7.0, 6.0, 2.0
"""The draught on the right way, one step off it, and further off."""
_NOISE = 1.2
"""Standard deviation of a draught."""


class Cave:
    """A cave that forks as often on every way; at the end of one there is light. A thought is a way on: ``2``.

    The draught comes from the light. One step off the right way it is hardly less than on it, and only further on it
    ceases. It also grows weaker the further in one is, so draughts of different depths do not compare as they stand.
    """

    def __init__(self, light: Way, branch: int, word: int, seed: int) -> None:
        self.light, self.branch, self.word, self.seed = light, branch, str(word), seed
        self.prompt = (
            f"Cave {seed} forks {branch} ways, {len(light)} times on every way. At the end of one there is light, and "
            f"a number stands on the wall there: which?\nA place is written as a letter, how far in it lies, and the "
            f"draught there, from 0 to {_STRONGEST}, as c7. The draught comes from the light and grows weaker further "
            f"in. A wrong way has some of it, too, but loses it after a step or two. A thought is a way on, from 1 to "
            f"{branch}."
        )

    def root(self) -> Way:
        return ()

    def step(self, state: Way, thought: str) -> Way:
        if thought.strip() not in self.moves(state):
            raise IllegalThought(f"From here go ways 1 to {self.branch}." if not self.ended(state) else "It is an end.")
        return (*state, int(thought))

    def show(self, state: Way) -> str:
        found = self.answer(state)
        draught = round(_STRONGEST * self.hunch(state))
        return f"{chr(ord('a') + len(state))}{draught}{'' if found is None else f' {found}'}"

    def ended(self, state: Way) -> bool:
        return len(state) == len(self.light)

    def answer(self, state: Way) -> str | None:
        return self.word if state == self.light else None

    def score(self, answer: str) -> float:
        return float(answer.strip() == self.word)

    def moves(self, state: Way) -> Sequence[str]:
        return () if self.ended(state) else [str(way) for way in range(1, self.branch + 1)]

    def promise(self, state: Way) -> float:
        return float(self.light[: len(state)] == state)

    def hunch(self, state: Way) -> float:
        """Return the draught, in [0, 1]: 1 in the light alone, 0 at every other end."""
        if self.ended(state) or not state:
            return float(state == self.light)
        off = next((len(state) - at for at, way in enumerate(state) if way != self.light[at]), 0)
        mean = (_RIGHT, _WRONG, _LOST)[min(off, 2)] - (len(state) - 1)
        draught = round(random.Random(f"{self.seed}/{state}").gauss(mean, _NOISE))
        return min(_STRONGEST - 1, max(0, draught)) / _STRONGEST

    def solutions(self) -> frozenset[str]:
        return frozenset({self.word})

    def solve(self) -> str:
        return self.word


@register()
class CavePuzzle(Puzzle):
    """Search a cave for a number. What it is can only be seen at its place, so without a search it is a blind guess.

    Options:
        branch: ways at every fork. depth: forks on every way.
    """

    levels = {"depth": (3, 4, 5, 6)}

    def draw(self, rng: random.Random, branch: int = 2, depth: int = 4) -> tuple[str, Cave]:
        check_range("branch", branch, 2, 9)
        check_range("depth", depth, 1, 20)
        light = tuple(rng.randint(1, branch) for _ in range(depth))
        task = Cave(light, branch, rng.randint(1000, 9999), rng.getrandbits(32))
        return task.prompt, task
