"""Do an answer and the gold answer mean the same? The safe way to ask, cheapest question first.

1. the same string, once typography is off: yes.
2. both plain numbers: their exact fractions decide, both ways. There is no rounding.
3. too long or nested too deep: no.
4. otherwise computer algebra decides, in a worker process with a deadline.
"""

from __future__ import annotations

import os
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from syllogym.envs.answers import LONGEST
from syllogym.envs.math.notation import number, numbers, plain, split_unit, tidy
from syllogym.envs.waiting import Soon
from syllogym.envs.worker import Exceeded, Workers

DEEPEST = 32
"""Levels of brackets an answer may have."""

DEADLINE = 1.0
"""Seconds of wall clock that computer algebra has for one answer."""

workers = Workers("syllogym.envs.math.algebra", size=max(2, min(8, (os.cpu_count() or 2) // 2)))


class Verdict(NamedTuple):
    """Whether two answers are equal, and who says so.

    Sources: ``string``, ``number``, ``unit`` (both name one, and not the same), ``math-verify``, ``unread`` (computer
    algebra cannot read one of them), ``cap`` (too long or too deep to look at), ``timeout`` and ``memory`` (the worker
    was stopped).
    """

    equal: bool
    source: str


@lru_cache(maxsize=1 << 16)
def equivalent(answer: str, gold: str, tolerance: float = 0.0) -> Verdict:
    """Judge an answer by the gold one; safe in any thread, and with hostile text.

    Args:
        answer: what the reply gives, without its box.
        gold: what is right.
        tolerance: relative error that plain numbers may have, where the task declares one.

    Raises:
        Fault: if the worker processes fail for reasons of their own.
    """
    return _at_sight(answer, gold, tolerance) or _by_algebra(split_unit(tidy(answer))[0], split_unit(tidy(gold))[0])


def verdict_on(answer: str, gold: str, tolerance: float = 0.0) -> Soon[Verdict]:
    """Do as `equivalent`; where computer algebra has to be asked, return its verdict to be awaited."""
    return _at_sight(answer, gold, tolerance) or workers.beside(equivalent, answer, gold, tolerance)


def _at_sight(answer: str, gold: str, tolerance: float) -> Verdict | None:
    """Judge as far as it goes without computer algebra."""
    if answer.strip() == gold.strip():
        return Verdict(bool(gold.strip()), "string")
    if max(len(answer), len(gold)) > LONGEST or max(_depth(answer), _depth(gold)) > DEEPEST:
        return Verdict(False, "cap")
    if plain(answer) == plain(gold):
        return Verdict(bool(plain(gold)), "string")
    (given, unit), (expected, wanted) = split_unit(tidy(answer)), split_unit(tidy(gold))
    if unit and wanted and unit != wanted:
        return Verdict(False, "unit")
    if not given or not expected:
        return Verdict(False, "string")
    return _by_numbers(given, expected, tolerance)


def _by_numbers(answer: str, gold: str, tolerance: float) -> Verdict | None:
    """Compare two plain numbers, or two lists of them in any order; None when either is something else."""
    one, other = number(answer), number(gold)
    if one is not None and other is not None:
        near = abs(one.value - other.value) <= Fraction(tolerance) * abs(other.value)
        return Verdict(one.same(other) or near, "number")
    given, expected = numbers(answer), numbers(gold)
    if given is None or expected is None:
        return None
    return Verdict(sorted(given) == sorted(expected), "number")


def _by_algebra(answer: str, gold: str) -> Verdict:
    try:
        said = workers.call("compare", gold, answer, deadline=DEADLINE)
    except Exceeded as limit:
        return Verdict(False, limit.what)
    return Verdict(said == "equal", "unread" if said == "unread" else "math-verify")


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest
