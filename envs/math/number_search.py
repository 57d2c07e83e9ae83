"""How is a target searched that given numbers make? Each thought joins two of the numbers that are left, until one is.

A thought is written ``13 - 9 = 4``, and may say what is left, as in ``13 - 9 = 4 (left: 4 4 10)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from syllogym.envs.math.expression import Number, divide
from syllogym.envs.math.goal import Goal, flaw
from syllogym.envs.tree.reached import Reached
from syllogym.envs.tree.search_task import IllegalThought

Left: TypeAlias = Reached[tuple[Number, ...]]
"""The numbers that are left, from small to large, and the expression that made each of them."""

_NUMBER = r"(-?\d+(?:/\d+)?)"
_THOUGHT = re.compile(rf"\s*{_NUMBER} *([-+*/]) *{_NUMBER} *= *{_NUMBER}\s*(?:\(left:([^()]*)\))?\s*", re.ASCII)
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-"})  # noqa: RUF001 - the signs replies use
_LONGEST = 200
_FEW = 4


class NumberSearch:
    """A goal as a space of states (see `syllogym.envs.tree.search_task.SearchTask`).

    What can still be made is known exactly while at most four numbers are left, and in the puzzle as it was given.
    """

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        numbers = ", ".join(map(str, goal.numbers))
        self.prompt = f"Use each of the numbers {numbers} once, with + - * / and brackets, to make {goal.target}."

    def root(self) -> Left:
        numbers = tuple(sorted(self.goal.numbers))
        return Reached(numbers, tuple(map(str, numbers)))

    def step(self, state: Left, thought: str) -> Left:
        read = _THOUGHT.fullmatch(thought.translate(_SIGNS)) if len(thought) <= _LONGEST else None
        if read is None:
            raise IllegalThought("A thought joins two numbers that are left and says what they make, as 13 - 9 = 4.")
        left, sign, right, said, rest = read.groups()
        a, b = _value(left), _value(right)
        i, j = _two_places(state.at, a, b)
        if sign == "/" and not b:
            raise IllegalThought("Nothing can be divided by zero.")
        made = _made(a, sign, b)
        if made != _value(said):
            raise IllegalThought(f"{left} {sign} {right} is {made}, not {said}.")
        after = _joined(state, i, j, sign, made)
        if rest is not None and sorted(rest.split()) != sorted(map(str, after.at)):
            raise IllegalThought(f"What is left is {_list(after.at)}, not {rest.strip()}.")
        return after

    def show(self, state: Left) -> str:
        return f"Left: {_list(state.at)}"

    def ended(self, state: Left) -> bool:
        return len(state.at) == 1

    def answer(self, state: Left) -> str | None:
        return _bare(state.by[0]) if len(state.at) == 1 else None

    def score(self, answer: str) -> float:
        return float(not flaw(answer, self.goal.numbers, self.goal.target))

    def moves(self, state: Left) -> Sequence[str]:
        """List a thought for every different rest. None makes a number negative: targets are reached without."""
        return _moves(state.at)

    def promise(self, state: Left) -> float | None:
        if len(state.at) > _FEW:
            return 1.0 if state.at == self.root().at else None
        return float(_reaches(state.at, self.goal.target))

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        return self.goal.way


def _value(text: str) -> Number:
    above, _, below = text.partition("/")
    if not below:
        return int(above)
    if not int(below):
        raise IllegalThought("Nothing can be divided by zero.")
    return divide(int(above), int(below))


def _two_places(numbers: tuple[Number, ...], a: Number, b: Number) -> tuple[int, int]:
    """Return the places of two different numbers with these values."""
    if a in numbers and b in numbers:
        i = numbers.index(a)
        if a != b:
            return i, numbers.index(b)
        if numbers.count(a) > 1:
            return i, i + 1
    raise IllegalThought(f"{a} and {b} are not both left; what is left is {_list(numbers)}.")


def _made(a: Number, sign: str, b: Number) -> Number:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    return a * b if sign == "*" else divide(a, b)


def _joined(state: Left, i: int, j: int, sign: str, made: Number) -> Left:
    pairs = [pair for place, pair in enumerate(zip(state.at, state.by, strict=True)) if place not in (i, j)]
    pairs.append((made, f"({state.by[i]}{sign}{state.by[j]})"))
    pairs.sort(key=lambda pair: pair[0])
    return Reached(tuple(number for number, _ in pairs), tuple(text for _, text in pairs))


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith("(") else text


def _list(numbers: Sequence[Number]) -> str:
    return " ".join(map(str, numbers))


def _rests(numbers: tuple[Number, ...]) -> Iterator[tuple[Number, str, Number, Number, tuple[Number, ...]]]:
    """Yield what can be done with two of the numbers, from small to large, as (a, sign, b, made, what is left)."""
    both_ways = numbers[0] < 0
    for i, a in enumerate(numbers):
        for j in range(i + 1, len(numbers)):
            b = numbers[j]
            others = (*numbers[:i], *numbers[i + 1 : j], *numbers[j + 1 :])
            ways = [(a, "+", b), (b, "-", a), (a, "*", b)]
            ways += [(b, "/", a)] if a else []
            ways += [(a, "/", b)] if b else []
            ways += [(a, "-", b)] if both_ways else []
            for left, sign, right in ways:
                made = _made(left, sign, right)
                yield left, sign, right, made, tuple(sorted((*others, made)))


@lru_cache(maxsize=8_192)
def _moves(numbers: tuple[Number, ...]) -> tuple[str, ...]:
    found: dict[tuple[Number, ...], str] = {}
    for a, sign, b, made, rest in _rests(numbers):
        found.setdefault(rest, f"{a} {sign} {b} = {made}")
    return tuple(found.values()) if len(numbers) > 1 else ()


@lru_cache(maxsize=262_144)
def _reaches(numbers: tuple[Number, ...], target: int) -> bool:
    """Say whether all of the numbers together make the target."""
    if len(numbers) == 1:
        return numbers[0] == target
    return any(_reaches(rest, target) for *_, rest in _rests(numbers))
