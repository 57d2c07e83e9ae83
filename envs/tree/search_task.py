"""What must a puzzle know so that it can be searched thought by thought?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

State = TypeVar("State", bound=Hashable)


class IllegalThought(Exception):
    """A thought that does not lead anywhere from its state; the message says why, for the one who thought it."""


class SearchTask(Protocol[State]):
    """One instance of a puzzle as a space of states. States are immutable and equal where they mean the same.

    A task whose states let one guess what they are worth, without being sure, has a method `hunch` of a state, too.

    Attributes:
        prompt: the puzzle, as a solver is told it.
    """

    prompt: str

    def root(self) -> State:
        """Return the state in which nothing is thought yet."""

    def step(self, state: State, thought: str) -> State:
        """Return the state a thought leads to; `IllegalThought` says why it leads nowhere."""

    def show(self, state: State) -> str:
        """Write what is known in a state, for the one who thinks on from it."""

    def ended(self, state: State) -> bool:
        """Say whether nothing can be thought from here: it is solved, or there is no way on."""

    def answer(self, state: State) -> str | None:
        """Return the answer that a state stands for, if it stands for one."""

    def score(self, answer: str) -> float:
        """Grade an answer, in [0, 1]. Nothing in it is executed."""

    def moves(self, state: State) -> Sequence[str] | None:
        """List the legal thoughts from a state; None where they cannot be listed."""

    def promise(self, state: State) -> float | None:
        """Return the best score that can still be reached from a state; None where nobody knows."""

    def solutions(self) -> frozenset[str] | None:
        """Return every right answer, normalised; None where they cannot be listed."""
