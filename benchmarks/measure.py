"""How are two programs compared on a machine that others use too? In turn, in one process, by CPU time."""

from __future__ import annotations

import gc
import importlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 11


class NotInstalled(Exception):
    """A peer is missing; the message says how to get it."""


@dataclass
class Row:
    """One line of the table.

    Attributes:
        what: was measured, with what is held equal.
        unit: of `ours` and `theirs`; a rate, or ``s`` of CPU time.
        peer: who is compared with; empty for nobody.
        ours, theirs: one number a round; those of a round were measured one after the other.
        goal: the ratio to reach, or with nobody to compare with the seconds to stay under.
    """

    what: str
    unit: str
    peer: str = ""
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    goal: float | None = None

    def cells(self) -> list[str]:
        """Write the line: medians, and the median of the rounds' ratios with the lowest and the highest."""
        ratios = [a / b for a, b in zip(self.ours, self.theirs, strict=False)]
        spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else ""
        goal = "" if self.goal is None else f">= {self.goal:g}" if ratios else f"< {self.goal:g} s"
        theirs = _short(statistics.median(self.theirs)) if self.theirs else ""
        return [self.what, self.unit, _short(statistics.median(self.ours)), self.peer, theirs, spread, goal]


def peer(module: str, pip: str) -> Any:
    """Import a peer, or raise `NotInstalled` with the line that installs it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise NotInstalled(f"not installed: pip install {pip}") from error


def race(
    row: Row,
    ours: Callable[[], int],
    theirs: Callable[[], int] | None = None,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> Row:
    """Fill in a row: each round runs both, which return how much they did; the first round is not counted.

    The garbage of each is collected before the other's turn, and no collection looks through what was there before.
    """
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for run, rates in ((ours, row.ours), (theirs, row.theirs)):
            if run is not None:
                gc.collect()
                began = clock()
                done = run()
                if number:
                    rates.append(done / (clock() - began))
    gc.unfreeze()
    return row


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
