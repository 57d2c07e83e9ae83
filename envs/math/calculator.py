"""Can the agent let a calculator compute what is too large for its head?"""

from __future__ import annotations

import json
import random

from syllogym.envs import Question, register, tool
from syllogym.envs.math.expression import evaluate
from syllogym.errors import check_range


@register()
class Calculator(Question):
    """Multiply two numbers of `digits` digits; a tool computes. A call takes a turn, and so does an answer."""

    max_turns = 3
    levels = {"digits": (3, 5, 8)}

    def draw(self, rng: random.Random, digits: int = 5) -> tuple[str, int]:
        check_range("digits", digits, 2, 100)
        left, right = (rng.randint(10 ** (digits - 1), 10**digits - 1) for _ in range(2))
        self.expression = f"{left} * {right}"
        return f"What is {self.expression}?", left * right

    @tool
    def calculate(self, expression: str) -> str:
        """Return the exact value of an arithmetic expression, such as (12 + 3) * 4."""
        return str(evaluate(expression).value)

    def solve(self) -> str:
        if self.turn:
            return super().solve()
        call = {"name": "calculate", "arguments": {"expression": self.expression}}
        return f"<tool_call>{json.dumps(call)}</tool_call>"
