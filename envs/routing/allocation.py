"""Who solves which step? ``1: small`` a line, or in short a letter a step: ``a`` is the first expert."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

from syllogym.errors import did_you_mean

_LINE = re.compile(r"\W*(?:step +)?(\d{1,3}) *[:=] *(\S.*?)\s*$", re.IGNORECASE)


class Allocation(NamedTuple):
    """The model of each step, None where none is named that there is; and what is wrong, in words."""

    models: tuple[str | None, ...]
    wrong: tuple[str, ...] = ()


def read_allocation(reply: str, steps: int, models: Sequence[str]) -> Allocation:
    """Read a line a step; other lines are left alone, and of two for a step the later one counts."""
    named: dict[int, str] = {}
    wrong = []
    for line in reply.splitlines():
        if match := _LINE.match(line):
            named[int(match[1])] = match[2]
    wrong += [f"There is no step {number}." for number in named if not 1 <= number <= steps]
    for number in range(1, steps + 1):
        if number not in named:
            wrong.append(f"Nobody was named for step {number}.")
        elif named[number] not in models:
            wrong.append(f"There is no model {named[number]!r}.{did_you_mean(named[number], models)}")
    chosen = (named.get(number) for number in range(1, steps + 1))
    return Allocation(tuple(name if name in models else None for name in chosen), tuple(wrong))


def read_letters(reply: str, steps: int, models: Sequence[str]) -> Allocation:
    """Read a letter a step."""
    said = reply.strip()
    by_letter = dict(zip(ascii_lowercase, models, strict=False))
    wrong = [f"There is no model {letter!r}." for letter in said[:steps] if letter not in by_letter]
    if len(said) != steps:
        wrong.append(f"There are {steps} steps and {len(said)} letters.")
    chosen = [by_letter.get(letter) for letter in said[:steps]]
    return Allocation((*chosen, *[None] * (steps - len(chosen))), tuple(wrong))


def in_lines(models: Sequence[str]) -> str:
    """Write an allocation in lines."""
    return "\n".join(f"{at}: {model}" for at, model in enumerate(models, 1))


def in_letters(chosen: Sequence[str], models: Sequence[str]) -> str:
    """Write an allocation in letters."""
    return "".join(ascii_lowercase[models.index(model)] for model in chosen)


def every(steps: int, models: Sequence[str]) -> Iterator[str]:
    """Yield every allocation in letters."""
    return map("".join, product(ascii_lowercase[: len(models)], repeat=steps))
