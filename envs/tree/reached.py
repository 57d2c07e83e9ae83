"""What is a state that remembers how it was come by? Equal to another wherever the search goes on the same way."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reached(Generic[Place]):
    """A place in a space of states, and the way that led there, which does not count when two are compared.

    Attributes:
        at: what the future depends on. by: what an answer is made of, such as the plan so far.
    """

    at: Place
    by: tuple[str, ...] = field(default=(), compare=False)
