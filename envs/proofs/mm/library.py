"""What do environments share of a database? Its prover, its theorems with their own proofs, and states once reached."""

from __future__ import annotations

import random
from functools import cached_property, lru_cache
from pathlib import Path

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.kernel import verify_theorem
from syllogym.envs.proofs.mm.prover import MetamathProver
from syllogym.envs.proofs.mm.replay import replay
from syllogym.envs.proofs.mm.retrieval import Retrieval
from syllogym.envs.proofs.mm.statements import Assertion
from syllogym.envs.proofs.prover import ProofState
from syllogym.errors import UserError

OWN = Path(__file__).with_name("logic.mm")
"""Propositional and predicate calculus, written for this package."""

_KEPT = 10_000
_DEPTH = 50
_TRIES = 5_000


class Library:
    """A database, with what environments need of it.

    Attributes:
        prover: proves from it. theorems: those that can be proved by steps.
    """

    def __init__(self, path: Path) -> None:
        self.prover = MetamathProver(Database.read(path))
        self.theorems = [one for one in self.prover.database.theorems if one.type == self.prover.grammar.provable]
        self.steps = lru_cache(_KEPT)(self._steps)
        self.repeats = lru_cache(_KEPT)(self._repeats)
        self._reached = lru_cache(_KEPT)(self._reach)
        if not self.theorems:
            raise UserError(f"{path} has no theorems of the type |-, which could be proved here.")

    @cached_property
    def retrieval(self) -> Retrieval:
        """Its statements by shape, indexed when first asked for."""
        return Retrieval(self.prover)

    def theorem(self, label: str) -> Assertion:
        """Return a theorem."""
        found = self.prover.database.labels[label]
        assert isinstance(found, Assertion)
        return found

    def reached(self, label: str, steps: tuple[str, ...]) -> ProofState:
        """Return the state of a theorem's proof after some steps: environments keep these alone, and stay small."""
        for end in range(0, len(steps), _DEPTH):  # so that none has to go back far
            self._reached(label, steps[:end])
        return self._reached(label, steps)

    def drawn(self, rng: random.Random, least: int, most: int) -> str:
        """Draw a theorem whose own proof has so many steps and that no earlier statement repeats."""
        for _ in range(_TRIES):
            label = rng.choice(self.theorems).label
            own = self.steps(label)
            if own is None or not least <= len(own) <= most:
                continue
            if len(own) == 1 or not self.repeats(label):
                return label
        raise UserError(f"The database has hardly a theorem that is proved in {least} to {most} steps: widen `steps`.")

    def _reach(self, label: str, steps: tuple[str, ...]) -> ProofState:
        if not steps:
            return self.prover.open(self.prover.theorem(label))
        return self.prover.apply(self._reached(label, steps[:-1]), steps[-1])

    def _repeats(self, label: str) -> bool:
        return self.retrieval.repeats(self.reached(label, ()))

    def _steps(self, label: str) -> list[str] | None:
        """Return the steps of the database's own proof, which is checked before; None where there are too many."""
        theorem, database = self.theorem(label), self.prover.database
        verify_theorem(database, theorem)
        return replay(theorem, database, self.prover.grammar.provable)


@lru_cache(8)
def library(database: str) -> Library:
    """Return the library of a file, "" for our own; read once."""
    return Library(Path(database).expanduser() if database else OWN)
