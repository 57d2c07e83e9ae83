"""Which earlier statements may prove a goal? Those whose conclusion fits it, the most particular first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.grammar import Pattern, Term
from syllogym.envs.proofs.mm.prover import MetamathProver
from syllogym.envs.proofs.mm.statements import Assertion
from syllogym.envs.proofs.mm.tactics import Stage, by_assertion
from syllogym.envs.proofs.prover import ProofState, WrongStep

_OPEN = 200
"""Statements of either kind that are tried on a goal with work variables, which hardly rules one out."""

_Shape = tuple[str | None, ...]
"""Labels of the syntax axiom that a term is built by and of those that its parts are, None for a variable."""


class Retrieval:
    """An index of the statements of a database by the shape of what they prove.

    Args:
        prover: proves from that database. All statements are parsed here: some seconds for set.mm.
    """

    def __init__(self, prover: MetamathProver) -> None:
        self.prover = prover
        self._shapes: dict[_Shape, list[Pattern]] = {}
        self._size: dict[str, int] = {}
        for label, pattern in _patterns(prover, prover.database):
            self._shapes.setdefault(_shape(pattern.conclusion), []).append(pattern)
            self._size[label] = _size(pattern.conclusion)

    def fitting(self, state: ProofState, many: int) -> list[str]:
        """Return labels of hypotheses and earlier statements that prove the first goal, at most so many.

        Rules that prove anything, such as detachment, come last, but one place in four is theirs. Where the goal is
        nothing but a work variable, every statement fits, and only hypotheses are returned.
        """
        stage: Stage = state.handle
        goal = stage.goals[0][1]
        mine = [label for label, (_, said) in stage.setting.hypotheses.items() if goal.open or said.body == goal.body]
        if goal.open and goal.syntax is None:
            return mine[:many]
        found = [
            (self._size[label], -len(pattern.hypotheses), pattern.assertion.number, label)
            for pattern in self._near(goal)
            if (label := pattern.assertion.label) and self.after(stage, pattern) is not None
        ]
        found.sort(reverse=True)
        special = [label for size, *_, label in found if size]
        general = [label for size, *_, label in reversed(found) if not size]
        places = max(many - len(mine) - min(len(general), many // 4), 0)
        return [*mine, *special[:places], *general][:many]

    def after(self, stage: Stage, pattern: Pattern) -> Stage | None:
        """Return the stage after a step that chooses nothing; None where it is not taken."""
        if pattern.assertion.number >= stage.setting.theorem.number:
            return None
        try:
            return by_assertion(stage, pattern, {})
        except WrongStep:
            return None

    def repeats(self, state: ProofState) -> bool:
        """Say whether one earlier statement proves the goal from the theorem's hypotheses: it says the same or more."""
        stage: Stage = state.handle
        given = {term.body for _, term in stage.setting.hypotheses.values()}
        return any(
            (after := self.after(stage, pattern)) is not None and all(goal.body in given for _, goal in after.goals)
            for pattern in self._near(stage.goals[0][1])
        )

    def _near(self, goal: Term) -> Iterator[Pattern]:
        root, *parts = _shape(goal)
        general = self._shapes.get((None,), ())
        if not goal.open:
            for some in product(*(dict.fromkeys((part, None)) for part in parts)):
                yield from self._shapes.get((root, *some), ())
            yield from general
            return
        special = (one for shape, all_of_it in self._shapes.items() if shape[0] == root for one in all_of_it)
        yield from islice(special, _OPEN)
        yield from islice(general, _OPEN)


def _patterns(prover: MetamathProver, database: Database) -> Iterator[tuple[str, Pattern]]:
    for label, found in database.labels.items():
        pattern = prover.pattern(label) if isinstance(found, Assertion) else None
        if pattern is not None:
            yield label, pattern


def _shape(term: Term) -> _Shape:
    return (_label(term), *(_label(part) for part in term.parts))


def _label(term: Term) -> str | None:
    return term.syntax.label if term.syntax else None


def _size(term: Term) -> int:
    return int(term.syntax is not None) + sum(map(_size, term.parts))
