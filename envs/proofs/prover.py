"""What does every prover offer? A theorem is opened, steps are applied to it, whole proofs are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from syllogym.envs.waiting import Soon


@dataclass(frozen=True, slots=True)
class Theorem:
    """Something to be proved.

    Attributes:
        statement: in the prover's language. name: what it is called there.
        preamble: what stands before it and is trusted: imports, definitions, notation.
    """

    statement: str
    name: str = "goal"
    preamble: str = ""


@dataclass(frozen=True, slots=True)
class ProofState:
    """What is left to prove after some steps.

    Attributes:
        goals: as the prover writes them, the one that the next step works on first; none when nothing is left, which
            says nothing yet: only `Prover.check` does.
        handle: what the prover knows the state by. steps: how it was reached.
    """

    goals: tuple[str, ...]
    handle: Any = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """A checker's word on a whole proof.

    Attributes:
        proved: whether the theorem that was asked for is proved, by what is allowed only.
        message: why not, for the one who wrote it. line, column: where, from 1; None where it is nowhere in particular.
        depends: axioms and theorems that the proof rests on. checker: who says so, with its version.
        valid_steps: how many steps or lines from the beginning are right.
    """

    proved: bool
    message: str = ""
    line: int | None = None
    column: int | None = None
    depends: tuple[str, ...] = ()
    checker: str = ""
    valid_steps: int = 0


class WrongStep(Exception):
    """A step that the prover does not take; the state before it stands.

    Args:
        message: the prover's word. line, column: where in the step, from 1.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class Prover(Protocol):
    """A proof checker. A lost or hanging process is a `Fault`, never a verdict, and another takes its place.

    Methods may return awaitables where a process has to be waited for (see `syllogym.envs.waiting`).
    """

    def open(self, theorem: Theorem) -> Soon[ProofState]:
        """Return the state in which nothing is proved yet."""

    def apply(self, state: ProofState, step: str) -> Soon[ProofState]:
        """Apply a step; `WrongStep` where it is not taken. States can be gone on from more than once."""

    def check(self, theorem: Theorem, proof: str) -> Soon[ProofVerdict]:
        """Check a whole proof from nothing, whatever `apply` said of its steps."""

    def close(self) -> None:
        """End what it has begun."""
