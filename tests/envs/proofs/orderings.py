"""What follows from sentences about the order of a few things? Every order is tried; written for LogicalDeduction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import permutations

Holds = Callable[[Mapping[str, int]], bool]
"""Says of the places of things (1 is the left, the oldest, the cheapest, the winner) whether a sentence is true."""

_NUMBERS = {word: at for at, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh"], 1)}
_BEFORE = ("to the left of", "older than", "less expensive than", "above")
_BEHIND = ("to the right of", "newer than", "more expensive than", "below")
_FIRST = ("leftmost", "from the left", "oldest", "cheapest")
_LAST = ("rightmost", "from the right", "newest", "most expensive")
_THAN = re.compile(rf"(?P<one>.+) (?:is|are|finished) (?P<how>{'|'.join((*_BEFORE, *_BEHIND))}) (?P<other>.+)")
_PLACED = re.compile(rf"(?P<one>.+) (?:is|are) the (?:(?P<at>\w+)[- ])?(?P<end>{'|'.join((*_FIRST, *_LAST))})")
_FINISHED = re.compile(r"(?P<one>.+) finished (?:(?P<at>\w+)-to-)?(?P<end>\w+)")


def things(sentence: str) -> list[str]:
    """Return the things that a sentence such as ``There are five birds: a robin, a blue jay, and a raven.`` lists."""
    return [_thing(one) for one in re.split(r", and |, | and ", sentence.rpartition(": ")[2].rstrip("."))]


def meaning(sentence: str, count: int) -> Holds:
    """Return what a sentence says of the order of `count` things."""
    said = sentence.strip().rstrip(".")
    if match := _THAN.fullmatch(said):
        one, other, before = _thing(match["one"]), _thing(match["other"]), match["how"] in _BEFORE
        return lambda places: (places[one] < places[other]) == before
    match = _PLACED.fullmatch(said) or _FINISHED.fullmatch(said)
    if match is None:
        raise ValueError(f"{sentence!r} is not understood")
    one, end = _thing(match["one"]), match["end"]
    at = _NUMBERS[match["at"] or "first"]
    if end in (*_LAST, "last"):
        at = count + 1 - at
    elif end not in _FIRST:
        at = _NUMBERS[end]
    return lambda places: places[one] == at


def true_options(told: str, options: list[str]) -> list[int]:
    """Return which options hold in every order that the text allows."""
    listed, *sentences = re.split(r"(?<=\.)\s+", told.strip().rpartition("\n\n")[2])
    names = things(listed)
    rules = [meaning(sentence, len(names)) for sentence in sentences]
    orders = [dict(zip(names, order, strict=True)) for order in permutations(range(1, len(names) + 1))]
    allowed = [order for order in orders if all(rule(order) for rule in rules)]
    if not allowed:
        raise ValueError("no order is allowed")
    asked = [meaning(option.partition(") ")[2], len(names)) for option in options]
    return [place for place, holds in enumerate(asked) if all(map(holds, allowed))]


def _thing(words: str) -> str:
    return re.sub(r"^(?:an? |the )", "", words.strip(), flags=re.IGNORECASE)
