"""Can the agent make 24 from four numbers?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import TypeAlias

from syllogym.envs import register
from syllogym.envs.math.expression import Number, divide
from syllogym.envs.math.target import Goal, TargetPuzzle
from syllogym.errors import check_range

Term: TypeAlias = tuple[Number, str]


@register()
class Game24(TargetPuzzle):
    """Make 24 from four numbers between 1 and `high`; hands without a solution are not dealt."""

    levels = {"high": (6, 9, 13)}

    def draw(self, rng: random.Random, high: int = 13) -> tuple[str, Goal]:
        check_range("high", high, 4, 99)
        way = None
        while way is None:
            hand = tuple(sorted(rng.randint(1, high) for _ in range(4)))
            way = find_way(hand, 24)
        shown = ", ".join(map(str, hand))
        return f"Use each of the numbers {shown} once, with + - * / and brackets, to make 24.", Goal(24, hand, way)


@lru_cache(maxsize=4_096)
def find_way(numbers: tuple[int, ...], target: int) -> str | None:
    """Search every expression over the numbers, exactly; return one that makes the target, or None."""
    way = _search([(number, str(number)) for number in numbers], target)
    return way and way[1:-1]


def _search(terms: list[Term], target: int) -> str | None:
    if len(terms) == 1:
        return terms[0][1] if terms[0][0] == target else None
    for i, j in combinations(range(len(terms)), 2):
        rest = [term for k, term in enumerate(terms) if k not in (i, j)]
        for joined in _join(terms[i], terms[j]):
            if way := _search([*rest, joined], target):
                return way
    return None


def _join(left: Term, right: Term) -> Iterator[Term]:
    (a, x), (b, y) = left, right
    yield a + b, f"({x}+{y})"
    yield a * b, f"({x}*{y})"
    yield a - b, f"({x}-{y})"
    yield b - a, f"({y}-{x})"
    if b:
        yield divide(a, b), f"({x}/{y})"
    if a:
        yield divide(b, a), f"({y}/{x})"
