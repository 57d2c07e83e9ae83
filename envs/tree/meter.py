"""How is a search kept within its budget? Nothing is begun whose largest possible use would not fit any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields

from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a search, each None for no limit: amounts of `Usage`; `tokens` counts those in, cached and out."""

    tokens: int | None = None
    prompt: int | None = None
    completion: int | None = None
    calls: int | None = None
    nodes: int | None = None
    money: float | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, limit in self.limits():
            if not limit >= 0:
                raise UserError(f"budget.{name} is 0 or more; it is {limit!r}.")

    def limits(self) -> list[tuple[str, float]]:
        """Return the amounts that are limited, with their limits."""
        every = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [(name, limit) for name, limit in every if limit is not None]


class Meter:
    """Counts what a search uses; refuses what might overspend.

    Whoever wants to begin something reserves the most it can use, and settles what it did use when it is done; between
    the two the whole reserve counts as spent. Time cannot be reserved: nothing begins once it is up.

    Args:
        budget: the limits. clock: seconds, for `Budget.seconds`.

    Attributes:
        spent: what was settled. reserved: what is under way, at the most.
    """

    def __init__(self, budget: Budget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget = budget or Budget()
        self.spent = self.reserved = Usage()
        self._clock = clock
        self._began = clock()

    @property
    def seconds(self) -> float:
        """Seconds since it was made."""
        return self._clock() - self._began

    def fits(self, most: Usage) -> bool:
        """Say whether something that uses `most` at the most could begin now."""
        held = self.spent + self.reserved + most
        return all(
            self.seconds < limit if name == "seconds" else getattr(held, name) <= limit
            for name, limit in self.budget.limits()
        )

    def reserve(self, most: Usage) -> bool:
        """Reserve `most`, if it fits."""
        if not self.fits(most):
            return False
        self.reserved += most
        return True

    def settle(self, most: Usage, used: Usage) -> None:
        """Replace a reserve by what was used."""
        self.reserved -= most
        self.spent += used
