"""What does the script think and say that searches of the Game of 24 are measured with? The same in every state."""

from __future__ import annotations

import zlib
from fractions import Fraction
from functools import cache
from itertools import permutations

HANDS = ("4 5 6 10", "2 5 8 11", "6 7 8 9", "1 8 10 11", "1 3 5 9")
WORTH = {"impossible": 0.00005, "likely": 0.05, "sure": 1.0}
PROPOSE = "Input: 2 8 8 14\nPossible next steps:\n2 + 8 = 10 (left: 8 10 14)\nInput: {}\nPossible next steps:\n"
VALUE = "Evaluate if given numbers can reach 24 (sure/likely/impossible)\n10 14\n10 + 14 = 24\nsure\n{}\n"


@cache
def thoughts(state: str) -> tuple[str, ...]:
    """Return eight thoughts, or fewer where there are no more."""
    numbers, found = [Fraction(number) for number in state.split()], {}
    for i, j in permutations(range(len(numbers)), 2):
        a, b = numbers[i], numbers[j]
        rest = [number for at, number in enumerate(numbers) if at not in (i, j)]
        for sign, made in (("+", a + b), ("-", a - b), ("*", a * b), ("/", a / b if b else None)):
            if made is not None:
                left = " ".join(map(str, sorted([*rest, made])))
                found.setdefault(left, f"{a} {sign} {b} = {made} (left: {left})")
    return tuple(found.values())[:8]


@cache
def label(state: str) -> str:
    """Say what a state is worth."""
    return tuple(WORTH)[zlib.crc32(state.encode()) % 3]


def after(thought: str) -> str:
    """Return the state that a thought leads to."""
    return thought[thought.index("(left: ") + 7 : -1]


def said(prompt: str) -> str:
    """Answer a prompt."""
    if prompt.startswith("Input"):
        return "\n".join(thoughts(prompt.rsplit("Input: ", 1)[1].split("\n", 1)[0]))
    return label(prompt.rsplit("\n", 2)[1])
