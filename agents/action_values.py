"""What is each reply worth that an environment offers? Of whoever answers that, this is all that players ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class ActionValues(Protocol):
    """Q(s, a): a table or a network, over texts."""

    def of(self, state: str, choices: Sequence[str]) -> list[float]:
        """Return the value of each choice in a state: the return that is expected from it on."""
        ...

    def save(self, folder: Path) -> None:
        """Write everything into files of a folder, made if need be."""
        ...


@dataclass(frozen=True, slots=True)
class Transition:
    """What came of one move.

    Attributes:
        state, choices, action: what the agent was shown and offered, and which of it it said.
        reward: what it was paid until its next move, or the end.
        next_state, next_choices, next_action: the same of its next move; empty when the episode ended with this one.
    """

    state: str
    choices: tuple[str, ...]
    action: str
    reward: float
    next_state: str = ""
    next_choices: tuple[str, ...] = ()
    next_action: str = ""
