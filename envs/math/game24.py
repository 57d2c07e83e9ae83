"""Can the agent make 24 from four numbers?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product
from typing import TypeAlias

from syllogym.envs import register
from syllogym.envs.math.expression import Number, divide
from syllogym.envs.math.goal import Goal
from syllogym.envs.math.target import TargetPuzzle
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
    """Search every expression over sorted numbers, exactly; return one that makes the target, or None."""
    return next((text[1:-1] for value, text in _ways(numbers) if value == target), None)


@lru_cache(maxsize=4_096)
def _reach(numbers: tuple[int, ...]) -> dict[Number, str]:
    return dict(_ways(numbers))


def _ways(numbers: tuple[int, ...]) -> Iterator[Term]:
    """Yield every value that all of the numbers make, with its expression: split them in two, make both, join them."""
    if len(numbers) == 1:
        yield numbers[0], str(numbers[0])
    for size in range(1, len(numbers) // 2 + 1):
        for left in combinations(numbers, size):
            right = list(numbers)
            for number in left:
                right.remove(number)
            for pair in product(_reach(left).items(), _reach(tuple(right)).items()):
                yield from _join(*pair)


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
