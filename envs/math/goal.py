"""What is to be made from which numbers, and does an expression make it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from syllogym.envs.math.expression import evaluate


class Goal(NamedTuple):
    """What is to be made, from which numbers, and one way to do it."""

    target: int
    numbers: tuple[int, ...]
    way: str


def flaw(text: str, numbers: Sequence[int], target: int) -> str:
    """Say why an expression does not make the target with exactly these numbers; an empty text when it does."""
    try:
        value, used = evaluate(text)
    except ValueError as error:
        return f"That cannot be evaluated: {error}."
    if sorted(used) != sorted(numbers):
        return f"That does not use exactly the numbers {', '.join(map(str, numbers))}."
    return "" if value == target else f"That makes {value}, not {target}."
