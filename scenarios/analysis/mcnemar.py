"""Is one of two better, where they differ? McNemar's exact test on the problems that only one of them solved."""

from __future__ import annotations


def at_least(better: int, worse: int) -> float:
    """Return how likely at least so many of the differing problems go to one of two that are equally good (one-sided).

    Args:
        better, worse: problems that only this one solved, and that only the other solved.
    """
    differ = better + worse
    tail = ways = 1  # all of them, which can happen in one way
    for fewer in range(1, worse + 1):
        ways = ways * (differ - fewer + 1) // fewer
        tail += ways
    return tail / (1 << differ)  # whole numbers throughout: 2.0 ** 1024 is too large for a float


def mcnemar(first: int, second: int) -> float:
    """Return the two-sided p-value, given how many problems only the first and only the second solved."""
    return min(1.0, 2.0 * at_least(max(first, second), min(first, second)))
