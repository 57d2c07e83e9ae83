"""How is a puzzle graded that asks for an expression which makes a target from given numbers?"""

from __future__ import annotations

from syllogym.envs.answers import extract
from syllogym.envs.math.goal import Goal, flaw
from syllogym.envs.math.number_search import NumberSearch
from syllogym.envs.question import Question
from syllogym.envs.values import Reward


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

    def search_task(self) -> NumberSearch:
        """Return the puzzle as a space of states: each thought joins two of the numbers that are left."""
        return NumberSearch(self.answer)
