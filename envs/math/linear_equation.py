"""Can the agent solve a linear equation?"""

from __future__ import annotations

import random
from fractions import Fraction

from syllogym.envs import Question, register
from syllogym.envs.math.polynomial import written
from syllogym.errors import check_range


@register()
class LinearEquation(Question):
    """Solve ``ax + b = cx + d``: coefficients up to `high`, a whole root or, with `rational`, any fraction."""

    levels = {"high": (10, 20, 50, 100), "rational": (False, True)}

    def draw(self, rng: random.Random, high: int = 20, rational: bool = False) -> tuple[str, Fraction]:
        check_range("high", high, 1, 1_000_000)
        a, c = rng.sample(range(-high, high + 1), 2)
        b = rng.randint(-high, high)
        d = rng.randint(-high, high) if rational else (a - c) * rng.randint(-high, high) + b
        return f"Solve {written([a, b])} = {written([c, d])} for x.", Fraction(d - b, a - c)
