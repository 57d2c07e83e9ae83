"""How is a puzzle graded that asks for an expression which makes a target from given numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from syllogym.envs.answers import extract
from syllogym.envs.math.expression import evaluate
from syllogym.envs.question import Question
from syllogym.envs.values import Reward


class Goal(NamedTuple):
    """What is to be made, from which numbers, and one way to do it."""

    target: int
    numbers: tuple[int, ...]
    way: str


class TargetPuzzle(Question):
    """A question whose answer is any expression that makes the goal; a wrong try is told what it makes."""

    def grade(self, reply: str, answer: Goal) -> float:
        """Pay 1.0 for an expression that makes the target and uses every number once."""
        found = extract(reply, self.answer_in)
        return Reward(correct=float(found is not None and not flaw(found, answer.numbers, answer.target)))

    def feedback(self, reply: str, answer: Goal) -> str:
        """Say what is wrong with the expression."""
        return f"{flaw(extract(reply, self.answer_in) or '', answer.numbers, answer.target)} Try again."

    def solution(self, answer: Goal) -> str:
        """Write the way that is known."""
        return super().solution(answer.way)


def flaw(text: str, numbers: Sequence[int], target: int) -> str:
    """Say why an expression does not make the target with exactly these numbers; an empty text when it does."""
    try:
        value, used = evaluate(text)
    except ValueError as error:
        return f"That cannot be evaluated: {error}."
    if sorted(used) != sorted(numbers):
        return f"That does not use exactly the numbers {', '.join(map(str, numbers))}."
    return "" if value == target else f"That makes {value}, not {target}."
