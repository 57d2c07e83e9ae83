"""Can the agent reach a target from given numbers, each used once?"""

from __future__ import annotations

import operator
import random
import re

from syllogym.envs import register
from syllogym.envs.math.game24 import find_way
from syllogym.envs.math.goal import Goal
from syllogym.envs.math.target import TargetPuzzle
from syllogym.envs.tree.puzzle_files import only, read_table
from syllogym.errors import UserError, check_range, check_span

_SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.floordiv}
_TRIES = 1_000
_MOST_READ = 5  # numbers; finding a way takes a second where there are more


@register()
class Countdown(TargetPuzzle):
    """Make the target from all the numbers. Every instance grows out of a solution, so it has one.

    Options: how many `numbers` (from, to), their `high`est value, and the `targets` (from, to). The numbers are shown
    sorted: their order gives nothing away, and the same ones in another order are not another instance.
    With a `file`, puzzles are those of its fields `input` (numbers, as ``30,100,93``) and `output` (the target).
    """

    levels = {"numbers": ((3, 3), (3, 4), (4, 5), (4, 6)), "high": (25, 50, 100)}

    def draw(
        self,
        rng: random.Random,
        numbers: tuple[int, int] = (4, 6),
        high: int = 100,
        targets: tuple[int, int] = (100, 999),
        file: str = "",
    ) -> tuple[str, Goal]:
        check_span("numbers", numbers, 2, 20)
        check_range("high", high, 2, 1_000)
        check_span("targets", targets, 1, 1_000_000)
        count = rng.randint(*numbers)
        for _ in range(_TRIES):
            goal = _read(rng, file) if file else _grow(rng, count, high)
            if file or targets[0] <= goal.target <= targets[1]:
                shown = ", ".join(map(str, goal.numbers))
                return f"Use each of the numbers {shown} once, with + - * / and brackets, to make {goal.target}.", goal
        raise UserError(
            f"{count} numbers up to {high} hardly ever make a target from {targets[0]} to {targets[1]}: widen them."
        )


def _read(rng: random.Random, file: str) -> Goal:
    row = rng.choice(read_table(file))
    numbers = re.findall(r"\d+", str(only(row, "input", file)))
    target = int(only(row, "output", file))
    hand = tuple(sorted(map(int, numbers)))
    way = find_way(hand, target) if 2 <= len(hand) <= _MOST_READ else None
    if way is None:
        raise UserError(f"{file}: {target} cannot be made from {row['input']!r} (2 to {_MOST_READ} numbers).")
    return Goal(target, hand, way)


def _grow(rng: random.Random, count: int, high: int) -> Goal:
    value = rng.randint(1, high)
    used, way, sign = [value], str(value), ""
    for _ in range(count - 1):
        before, sign, number = sign, rng.choice("+-*/"), rng.randint(1, high)
        if sign == "/" and (divisors := [n for n in range(2, min(value, high) + 1) if value % n == 0]):
            number = rng.choice(divisors)
        elif sign == "/" or (sign == "-" and number >= value):
            sign = "+"
        way = f"({way}){sign}{number}" if sign in "*/" and before in ("+", "-") else f"{way}{sign}{number}"
        value = _SIGNS[sign](value, number)
        used.append(number)
    return Goal(value, tuple(sorted(used)), way)
