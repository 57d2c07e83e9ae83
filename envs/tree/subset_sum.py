"""Can the agent find every choice of numbers that adds up to a target? Most choices lead nowhere, and late."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle, SolutionSet
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_range, check_span

Picks: TypeAlias = tuple[int, ...]
"""The numbers taken so far, from the highest down."""

_TAKE = re.compile(r"\s*(\d{1,6})\s*=\s*(\d{1,6})\s*", re.ASCII)
_NUMBERS = re.compile(r"\d+", re.ASCII)
_MOST = 8  # solutions that fit into an answer
_TRIES = 1_000


class SubsetSum(SolutionSet):
    """Different numbers of which some add up to a target, as a space of states, which are `Picks`.

    A thought takes a number and says what is left: ``9=8`` takes 9 of 17. Numbers are taken from the highest down, so
    every choice is met but once. Where what is left is less than any number that could follow, or more than all of
    them together, there is no way on.
    """

    def __init__(self, numbers: Sequence[int], target: int, graded: bool = False) -> None:
        self.numbers, self.target = tuple(sorted(numbers, reverse=True)), target
        super().__init__(frozenset(_written(picks) for picks in self._solutions(())), graded)
        self.prompt = (
            f"Which of the numbers {', '.join(map(str, self.numbers))} add up to {target}? Each may be taken once. "
            "Find every choice, and write the numbers of each on a line of its own, with spaces between them."
        )

    def root(self) -> Picks:
        return ()

    def step(self, state: Picks, thought: str) -> Picks:
        found = _TAKE.fullmatch(thought[:1_000])
        if found is None:
            raise IllegalThought("A thought takes a number and says what is left, as in 9=8 for 9 of 17.")
        number, left = int(found[1]), self._left(state) - int(found[1])
        if number not in self._later(state):
            raise IllegalThought(f"{number} cannot be taken here: numbers are taken from the highest down, each once.")
        if left < 0 or left != int(found[2]):
            raise IllegalThought(f"{number} of {left + number} leaves {left}.")
        return (*state, number)

    def show(self, state: Picks) -> str:
        return f"{self._left(state)} from {' '.join(map(str, self._later(state)))}"

    def ended(self, state: Picks) -> bool:
        left, later = self._left(state), self._later(state)
        return left == 0 or sum(later) < left or min(later) > left

    def answer(self, state: Picks) -> str | None:
        return _written(state) if self._left(state) == 0 else None

    def read(self, answer: str) -> Iterator[str]:
        for line in answer.splitlines():
            if line.strip():
                yield _written(tuple(sorted((int(one[:6]) for one in _NUMBERS.findall(line)), reverse=True)))

    def moves(self, state: Picks) -> Sequence[str]:
        left = self._left(state)
        return () if self.ended(state) else [f"{one}={left - one}" for one in self._later(state) if one <= left]

    def promise(self, state: Picks) -> float:
        return float(any(True for _ in self._solutions(state)))

    def _left(self, state: Picks) -> int:
        return self.target - sum(state)

    def _later(self, state: Picks) -> Picks:
        return tuple(one for one in self.numbers if not state or one < state[-1])

    def _solutions(self, state: Picks) -> Iterator[Picks]:
        if self._left(state) == 0:
            yield state
        elif not self.ended(state):
            for number in self._later(state):
                if number <= self._left(state):
                    yield from self._solutions((*state, number))


@register()
class SubsetSumPuzzle(Puzzle):
    """Choose numbers that add up to a target; the set of all choices is asked for, and nobody says how many there are.

    Options:
        count: numbers, all different. high: the highest they may be. target: what they are to add up to (from, to).
        solutions: how many there are (from, to). graded: pay part of them by F1; without it, only exactly all.
        bare: ask by one line such as ``17 from 9 7 5 3 1``, for models made from nothing.
    """

    levels = {"count": (5, 6, 8)}

    def on_reset(self, rng: random.Random, tot: bool = False, *, bare: bool = False, **options: Any) -> str:
        """Draw the puzzle and ask it."""
        asked = super().on_reset(rng, tot, **options)
        task: SubsetSum = self.answer
        return task.show(task.root()) if bare else asked

    def draw(
        self,
        rng: random.Random,
        count: int = 6,
        high: int = 15,
        target: tuple[int, int] = (10, 16),
        solutions: tuple[int, int] = (1, 3),
        graded: bool = False,
    ) -> tuple[str, SubsetSum]:
        check_range("count", count, 2, 12)
        check_range("high", high, count, 1_000)
        check_span("target", target, 1, 10_000)
        check_span("solutions", solutions, 1, _MOST)
        for _ in range(_TRIES):
            numbers = rng.sample(range(1, high + 1), count)
            task = SubsetSum(numbers, rng.randint(*target), graded)
            if solutions[0] <= len(task.wanted) <= solutions[1] and task.target not in numbers:
                return task.prompt, task
        raise UserError(
            f"None of {_TRIES} choices of numbers has {solutions[0]} to {solutions[1]} solutions; widen the options."
        )


def _written(picks: Picks) -> str:
    return " ".join(map(str, picks))
