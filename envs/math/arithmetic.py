"""Can the agent add, subtract and multiply numbers of several digits?"""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Mapping
from typing import NamedTuple

from syllogym.envs import Question, register
from syllogym.errors import check_choice, check_range

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*"}
_OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class Problem(NamedTuple):
    """Two numbers, the sign between them, and the result."""

    left: int
    sign: str
    right: int
    result: int


@register()
class Arithmetic(Question):
    """Compute ``left sign right``, numbers of `digits` digits, with one `operation` or ``any``.

    With `scratchpad` the prompt is terse, as ``385+247=``, and the reply spells every step from the last digit on, each
    a copy or a small look-up that a tiny character model learns: ``5+7+0=12 8+4+1=13 3+2+1=06 #0632``. The first digit
    of a result is the carry (of a subtraction, the borrow). Only the number behind the last ``#`` is graded. A
    scratchpad multiplies by one digit.
    """

    levels = {"digits": (2, 3, 4, 5)}

    def draw(
        self, rng: random.Random, operation: str = "add", digits: int = 3, scratchpad: bool = False
    ) -> tuple[str, Problem]:
        check_choice("operation", operation, ["any", *_SIGNS])
        check_range("digits", digits, 2, 100)
        sign = _SIGNS[rng.choice(list(_SIGNS)) if operation == "any" else operation]
        left, right = (rng.randint(10 ** (digits - 1), 10**digits - 1) for _ in range(2))
        if scratchpad and sign == "*":
            right = rng.randint(2, 9)
        if sign == "-":
            left, right = max(left, right), min(left, right)
        self.answer_in = "plain" if scratchpad else "boxed"
        question = f"{left}{sign}{right}=" if scratchpad else f"What is {left} {sign} {right}?"
        return question, Problem(left, sign, right, _OPERATIONS[sign](left, right))

    def instance(self, first: str | Mapping[str, str]) -> str:
        left, sign, right, _ = self.answer
        return f"{max(left, right)}{sign}{min(left, right)}"  # 2 + 3 and 3 + 2 are one instance

    def grade(self, reply: str, answer: Problem) -> float:
        if self.answer_in == "plain":
            reply = reply.rpartition("#")[2]
        reward: float = super().grade(reply, answer.result)
        return reward

    def solution(self, answer: Problem) -> str:
        return spelled(answer) if self.answer_in == "plain" else super().solution(answer.result)

    def slip(self, rng: random.Random, rate: float) -> str:
        """With a scratchpad, forget to carry with chance `rate` at each digit, as pupils do."""
        if self.answer_in != "plain":
            return super().slip(rng, rate)
        return spelled(self.answer, forget=lambda: rng.random() < rate)


def spelled(problem: Problem, forget: Callable[[], bool] = lambda: False) -> str:
    """Spell every step of a problem, last digits first, and copy the result behind ``#``.

    Where `forget` says so, the carry of a step is left out of the next.
    """
    left, sign, right = str(problem.left), problem.sign, str(problem.right)
    right = right * len(left) if sign == "*" else right.zfill(len(left))
    then = "-" if sign == "-" else "+"
    steps, result, carry = [], "", 0
    for a, b in zip(reversed(left), reversed(right), strict=True):
        tens, digit = divmod(_OPERATIONS[then](_OPERATIONS[sign](int(a), int(b)), carry), 10)
        steps.append(f"{a}{sign}{b}{then}{carry}={abs(tens)}{digit}")
        result, carry = f"{digit}{result}", 0 if forget() else abs(tens)
    return f"{' '.join(steps)} #{carry}{result}"
