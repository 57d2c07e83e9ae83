"""The Game of 24 as the tests search it: a small task of its own, so that a fault of the shipped one is not theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from syllogym.envs.tree.search_task import IllegalThought


@dataclass(frozen=True)
class State:
    """The numbers that are left, in order; how they came about does not matter to what they are."""

    left: tuple[Fraction, ...]
    written: tuple[str, ...] = field(compare=False)


class Numbers:
    """Make `goal` of four numbers."""

    def __init__(self, numbers: str, goal: int = 24) -> None:
        self.prompt = numbers
        self.goal = goal

    def root(self) -> State:
        return _state([(Fraction(number), number) for number in self.prompt.split()])

    def step(self, state: State, thought: str) -> State:
        after = successors(state).get(thought)
        if after is None:
            raise IllegalThought(f"{thought!r} is no operation on two of the numbers.")
        return after

    def show(self, state: State) -> str:
        return " ".join(map(str, state.left))

    def ended(self, state: State) -> bool:
        return len(state.left) == 1

    def answer(self, state: State) -> str | None:
        return state.written[0] if state.left == (self.goal,) else None

    def score(self, answer: str) -> float:
        if set(answer) - set("0123456789+-*/() "):
            return 0.0
        try:  # figures and signs only
            value = eval(answer, {"__builtins__": {}}, {})
        except (SyntaxError, ZeroDivisionError, TypeError):
            return 0.0
        used = sorted(map(int, re.findall(r"\d+", answer)))
        return float(abs(value - self.goal) < 1e-9 and used == sorted(map(int, self.prompt.split())))

    def moves(self, state: State) -> list[str]:
        return list(successors(state))

    def promise(self, state: State) -> float:
        return float(solvable(state.left, self.goal))

    def solutions(self) -> None:
        return None


def _state(pool: list[tuple[Fraction, str]]) -> State:
    pool = sorted(pool)
    return State(tuple(number for number, _ in pool), tuple(text for _, text in pool))


def successors(state: State) -> dict[str, State]:
    return _successors(state.left, state.written)


@cache
def _successors(left: tuple[Fraction, ...], written: tuple[str, ...]) -> dict[str, State]:
    found: dict[str, State] = {}
    pool = list(zip(left, written, strict=True))
    for i, (a, one) in enumerate(pool):
        for j, (b, two) in enumerate(pool):
            if i == j:
                continue
            rest = [pool[at] for at in range(len(pool)) if at not in (i, j)]
            made = [("-", a - b)] + ([("/", a / b)] if b else [])
            made += [("+", a + b), ("*", a * b)] if i < j else []
            for sign, value in made:
                after = _state([*rest, (value, f"({one} {sign} {two})")])
                shown = " ".join(map(str, after.left))
                found.setdefault(f"{a} {sign} {b} = {value} (left: {shown})", after)
    return found


@cache
def solvable(left: tuple[Fraction, ...], goal: int) -> bool:
    if len(left) == 1:
        return left[0] == goal
    return any(solvable(after.left, goal) for after in _successors(left, ("",) * len(left)).values())
