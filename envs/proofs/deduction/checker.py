"""Is this a proof in natural deduction? A `Prover` in this process: it executes nothing, and its time is bounded."""

from __future__ import annotations

from collections.abc import Sequence

from syllogym.envs.proofs.deduction.formulas import Expr, written
from syllogym.envs.proofs.deduction.kernel import Line, given, next_line
from syllogym.envs.proofs.deduction.reading import NotAFormula, Read, read_sequent
from syllogym.envs.proofs.prover import ProofState, ProofVerdict, Theorem, WrongStep
from syllogym.errors import UserError

LONGEST_PROOF = 40_000
"""Characters a proof may have."""
CHECKER = "natural deduction"


class NaturalDeduction:
    """A `Prover` of sequents such as ``p -> q, p |- q``; steps are lines as `deduction/kernel.py` reads them.

    The handle of a state is the tuple of its lines.
    """

    def open(self, theorem: Theorem) -> ProofState:
        """Return the state in which the premises stand."""
        premises, goal = sequent(theorem)
        return _state(tuple(given(premises)), goal.formula, ())

    def apply(self, state: ProofState, step: str) -> ProofState:
        """Write one more line."""
        goal, lines = state.handle
        return _state((*lines, next_line(lines, step.strip())), goal, (*state.steps, step.strip()))

    def check(self, theorem: Theorem, proof: str) -> ProofVerdict:
        """Check a whole proof, a line for each of its lines; blank ones do not count."""
        premises, goal = sequent(theorem)
        lines: list[Line] = given(premises)
        count = len(lines)
        if len(proof) > LONGEST_PROOF:
            return ProofVerdict(False, f"a proof has at most {LONGEST_PROOF} characters", checker=CHECKER)
        place = 0
        for place, text in enumerate(proof.split("\n"), start=1):
            if not text.strip():
                continue
            try:
                lines.append(next_line(lines, text))
            except WrongStep as wrong:
                return ProofVerdict(False, str(wrong), place, wrong.column, (), CHECKER, len(lines) - count)
        if not _shown(lines, goal.formula):
            message = f"the last line, outside all boxes, should be {written(goal.formula)}"
            return ProofVerdict(False, message, place or None, None, (), CHECKER, len(lines) - count)
        return ProofVerdict(True, checker=CHECKER, valid_steps=len(lines) - count)

    def close(self) -> None:
        """There is nothing to end."""


def sequent(theorem: Theorem) -> tuple[tuple[Read, ...], Read]:
    """Read a theorem's premises and conclusion."""
    try:
        return read_sequent(theorem.statement)
    except NotAFormula as error:
        raise UserError(
            f"The theorem {theorem.statement!r} cannot be read: {error} (column {error.column})."
        ) from error


def _state(lines: tuple[Line, ...], goal: Expr, steps: tuple[str, ...]) -> ProofState:
    return ProofState(() if _shown(lines, goal) else (written(goal),), (goal, lines), steps)


def _shown(lines: Sequence[Line], goal: Expr) -> bool:
    return bool(lines) and not lines[-1].boxes and lines[-1].formula == goal
