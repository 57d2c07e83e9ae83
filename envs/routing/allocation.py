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
    """Who solves what.

    Attributes:
        models: of each step, None where none is named that there is. wrong: what is wrong, in words.
        places: from where to where each step's model stands in the reply; None where it does not.
    """

    models: tuple[str | None, ...]
    wrong: tuple[str, ...] = ()
    places: tuple[tuple[int, int] | None, ...] = ()


def read_allocation(reply: str, steps: int, models: Sequence[str]) -> Allocation:
    """Read a line a step; other lines are left alone, and of two for a step the later one counts."""
    named: dict[int, str] = {}
    places: dict[int, tuple[int, int]] = {}
    wrong = []
    begun = 0
    for line in reply.splitlines(keepends=True):
        if match := _LINE.match(line):
            named[int(match[1])] = match[2]
            places[int(match[1])] = (begun + match.start(2), begun + match.end(2))
        begun += len(line)
    wrong += [f"There is no step {number}." for number in named if not 1 <= number <= steps]
    for number in range(1, steps + 1):
        if number not in named:
            wrong.append(f"Nobody was named for step {number}.")
        elif named[number] not in models:
            wrong.append(f"There is no model {named[number]!r}.{did_you_mean(named[number], models)}")
    numbers = range(1, steps + 1)
    chosen = (named.get(number) for number in numbers)
    known = tuple(name if name in models else None for name in chosen)
    return Allocation(known, tuple(wrong), tuple(places.get(number) for number in numbers))


def read_letters(reply: str, steps: int, models: Sequence[str]) -> Allocation:
    """Read a letter a step."""
    said = reply.strip()
    by_letter = dict(zip(ascii_lowercase, models, strict=False))
    wrong = [f"There is no model {letter!r}." for letter in said[:steps] if letter not in by_letter]
    if len(said) != steps:
        wrong.append(f"There are {steps} steps and {len(said)} letters.")
    chosen = [by_letter.get(letter) for letter in said[:steps]]
    missing = [None] * (steps - len(chosen))
    begun = len(reply) - len(reply.lstrip())
    places = [(begun + at, begun + at + 1) for at in range(len(chosen))]
    return Allocation((*chosen, *missing), tuple(wrong), (*places, *missing))


def in_lines(models: Sequence[str]) -> str:
    """Write an allocation in lines."""
    return "\n".join(f"{at}: {model}" for at, model in enumerate(models, 1))


def in_letters(chosen: Sequence[str], models: Sequence[str]) -> str:
    """Write an allocation in letters."""
    return "".join(ascii_lowercase[models.index(model)] for model in chosen)


def every(steps: int, models: Sequence[str]) -> Iterator[str]:
    """Yield every allocation in letters."""
    return map("".join, product(ascii_lowercase[: len(models)], repeat=steps))
