"""How is a search kept within its budget? Nothing is begun whose largest possible use would not fit any more."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields

from syllogym.envs.tree.usage import NOTHING, Usage
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
        return [(name, limit) for name in _LIMITED if (limit := getattr(self, name)) is not None]


_LIMITED = tuple(field.name for field in fields(Budget))


class Overspent(RuntimeError):
    """Something used more than was reserved for it. It was booked as it was."""


class _Sum:
    """A running `Usage`. Most thoughts of scripts use nothing but nodes, so these go by a way of their own."""

    __slots__ = ("nodes", "rest")

    def __init__(self) -> None:
        self.nodes = 0
        self.rest = NOTHING
        """Everything but nodes."""

    def put(self, use: Usage) -> None:
        if use is NOTHING:
            return
        self.nodes += use.nodes
        if use.calls or use.completion or use.prompt or use.cached or use.money or use.seconds:
            self.rest += use

    def take(self, use: Usage) -> None:
        if use is NOTHING:
            return
        self.nodes -= use.nodes
        if use.calls or use.completion or use.prompt or use.cached or use.money or use.seconds:
            self.rest -= use

    def usage(self) -> Usage:
        rest = self.rest
        return Usage(rest.prompt, rest.cached, rest.completion, rest.calls, self.nodes, rest.money, rest.seconds)


class Meter:
    """Counts what a search uses; refuses what might overspend.

    Whoever wants to begin something reserves the most it can use, and settles what it did use when it is done; between
    the two the whole reserve counts as spent. Time cannot be reserved: nothing begins once it is up. Several searches
    may share one.

    Args:
        budget: the limits. clock: seconds, for `Budget.seconds`.
    """

    def __init__(self, budget: Budget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.budget = budget or Budget()
        self._spent, self._reserved = _Sum(), _Sum()
        self._open = 0
        self._clock = clock
        self._began = clock()
        self._limits = self.budget.limits()

    @property
    def spent(self) -> Usage:
        """What was settled."""
        return self._spent.usage()

    @property
    def reserved(self) -> Usage:
        """What is under way, at the most."""
        return self._reserved.usage()

    @property
    def seconds(self) -> float:
        """Seconds since it was made, and those of an earlier sitting (see `resume`)."""
        return self._clock() - self._began

    def fits(self, most: Usage) -> bool:
        """Say whether something that uses `most` at the most could begin now."""
        for name, limit in self._limits:  # a loop, since every request of a search comes by here
            if self.seconds >= limit if name == "seconds" else self._held(name) + getattr(most, name) > limit:
                return False
        return True

    def reserve(self, most: Usage) -> bool:
        """Reserve `most`, if it fits."""
        if self._limits and not self.fits(most):
            return False
        self._open += 1
        self._reserved.put(most)
        return True

    def settle(self, most: Usage, used: Usage) -> None:
        """Replace a reserve by what was used. Raises `Overspent` where that is more of something limited."""
        self._open -= 1
        if self._open:
            self._reserved.take(most)
        else:
            self._reserved.nodes, self._reserved.rest = 0, NOTHING  # amounts of money leave no crumbs
        self._spent.put(used)
        for name, _ in self._limits if used is not most else ():
            if name != "seconds" and getattr(used, name) > getattr(most, name):
                raise Overspent(f"{getattr(used, name)} {name} were used where at most {getattr(most, name)} were due.")

    def resume(self, spent: Usage = NOTHING, seconds: float = 0.0) -> None:
        """Count what was spent in an earlier sitting."""
        self._spent.put(spent)
        self._began -= seconds

    def _held(self, name: str) -> float:
        if name == "nodes":
            return self._spent.nodes + self._reserved.nodes
        held: float = getattr(self._spent.rest, name) + getattr(self._reserved.rest, name)
        return held
