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
from syllogym.envs.tree.puzzle_files import only, read_table
from syllogym.errors import UserError, check_range

Term: TypeAlias = tuple[Number, str]


@register()
class Game24(TargetPuzzle):
    """Make 24 from four numbers between 1 and `high`; hands without a solution are not dealt.

    With a `file`, hands are dealt from its field `Puzzles` (such as ``1 1 4 6``) instead; of those with a `Rank` in
    `ranks` (from, to) where that is given. The list of 4nums.com that papers use has both; they test 901 to 1000.
    """

    levels = {"high": (6, 9, 13)}

    def draw(
        self, rng: random.Random, high: int = 13, file: str = "", ranks: tuple[int, int] | None = None
    ) -> tuple[str, Goal]:
        check_range("high", high, 4, 99)
        known = hands(file, ranks and tuple(ranks)) if file else ()
        way = None
        while way is None:
            hand = rng.choice(known) if known else tuple(sorted(rng.randint(1, high) for _ in range(4)))
            way = find_way(hand, 24)
        shown = ", ".join(map(str, hand))
        return f"Use each of the numbers {shown} once, with + - * / and brackets, to make 24.", Goal(24, hand, way)


@lru_cache(maxsize=16)
def hands(file: str, ranks: tuple[int, int] | None = None) -> tuple[tuple[int, ...], ...]:
    """Return the hands of a table, each sorted, in the order of the file.

    Raises:
        UserError: if a hand cannot be read or has no solution, or no rank is within `ranks`.
    """
    found = []
    for row in read_table(file):
        if ranks and not ranks[0] <= int(only(row, "Rank", file)) <= ranks[1]:
            continue
        hand = str(only(row, "Puzzles", file)).split()
        if len(hand) != 4 or not all(number.isdecimal() and len(number) < 3 for number in hand):
            raise UserError(f"{file}: {row['Puzzles']!r} is not four numbers of one or two digits.")
        found.append(tuple(sorted(map(int, hand))))
        if find_way(found[-1], 24) is None:
            raise UserError(f"{file}: nothing makes 24 from {row['Puzzles']!r}.")
    if not found:
        raise UserError(f"{file} has no hand of a rank in {ranks}.")
    return tuple(found)


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
