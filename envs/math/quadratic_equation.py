"""Can the agent solve a quadratic equation whose roots are fractions?"""

from __future__ import annotations

import random
import re
from fractions import Fraction

from syllogym.envs import Question, Reward, register
from syllogym.envs.answers import as_number, extract
from syllogym.envs.math.polynomial import written
from syllogym.errors import check_range

_BETWEEN = re.compile(r"[,;]|\\text\{ ?(?:and|or) ?\}|\b(?:and|or)\b")


@register()
class QuadraticEquation(Question):
    """Find all roots: fractions with numerators up to `high` and denominators up to `below`. Roots compare as a set."""

    levels = {"high": (9, 12, 20, 50), "below": (1, 2, 3, 5)}

    def draw(self, rng: random.Random, high: int = 12, below: int = 1) -> tuple[str, frozenset[Fraction]]:
        check_range("high", high, 1, 1_000_000)
        check_range("below", below, 1, 1_000_000)
        r, s = (Fraction(rng.randint(-high, high), rng.randint(1, below)) for _ in range(2))
        (p, q), (u, v) = r.as_integer_ratio(), s.as_integer_ratio()
        left = written([q * v, -(p * v + u * q), p * u])
        return f"Solve {left} = 0 for x. Give every solution, with commas between them.", frozenset({r, s})

    def grade(self, reply: str, answer: frozenset[Fraction]) -> float:
        found = extract(reply, self.answer_in) or ""
        roots = {as_number(part) for part in _BETWEEN.split(found.removeprefix("\\{").removesuffix("\\}"))}
        return Reward(correct=float(roots == answer))

    def solution(self, answer: frozenset[Fraction]) -> str:
        return super().solution(", ".join(map(str, sorted(answer))))
