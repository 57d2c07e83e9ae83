"""Does a program that passes waste processor time? Compared with the known solution, on the same tests and machine.

The kernel measures it, so no program can tell it otherwise; steps counted inside of its own process it could forge. The
measure is noisy, and a busy machine makes it worse: hence the coarse scale, which honest noise seldom crosses.
"""

from __future__ import annotations

import math

from syllogym.errors import UserError

SLACK = 0.02
"""Seconds that are added to both times, so that starting and ending a process decide nothing."""

WORST = 3
"""Doublings of the known solution's time, after which nothing is left to lose."""


def waste(used: float, known: float) -> float:
    """Return from 0.0, for less than twice the known solution's seconds, by a third for each doubling up to 1.0."""
    doublings = math.floor(math.log2((used + SLACK) / (known + SLACK)))
    return min(max(doublings, 0), WORST) / WORST


def check_measurable(isolation: str, solution: str) -> None:
    """Refuse to measure where that cannot be done.

    Raises:
        UserError: there is no known solution to compare with, or a service elsewhere runs the programs.
    """
    if isolation.startswith("http"):
        raise UserError("efficiency needs the local sandbox, isolation: auto; a service does not tell processor time.")
    if not solution:
        raise UserError("efficiency compares with a known solution, and this problem has none: leave efficiency out.")
