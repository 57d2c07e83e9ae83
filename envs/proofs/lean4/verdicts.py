"""Is the theorem proved? From what Lean says of it, and of what it rests on, to a verdict."""

from __future__ import annotations

from dataclasses import replace

from syllogym.envs.proofs.lean4.answers import Answer, axioms_of
from syllogym.envs.proofs.lean4.policy import Refused
from syllogym.envs.proofs.prover import ProofVerdict

AXIOMS = frozenset({"propext", "Quot.sound", "Classical.choice"})
"""What Lean's own library rests on; a proof may rest on nothing else."""

_LONGEST_TOLD = 4_000


def told_of(verdict: ProofVerdict, secret: str, name: str) -> ProofVerdict:
    """Return a verdict that calls the theorem as the agent knows it, not by the name that no proof can know."""
    return replace(verdict, message=verdict.message.replace(secret, name))


def refused(error: Refused, checker: str) -> ProofVerdict:
    """Return the verdict on a proof that is not put to Lean."""
    return ProofVerdict(False, f"refused: {error}", error.line, error.column, checker=checker)


def failed(answer: Answer, lines: int, above: int, checker: str) -> ProofVerdict | None:
    """Return the verdict on a proof that Lean found wrong, None where it found nothing wrong.

    Args:
        answer: to the theorem with its proof. lines: of the proof. above: lines that stood above it.
        checker: who says so.
    """
    error = answer.error
    if error is None:
        return None
    line, column = error.line - above, error.column + 1 - 2
    inside = 1 <= line <= lines
    return ProofVerdict(
        False,
        error.text[:_LONGEST_TOLD],
        line if inside else None,
        max(1, column) if inside else None,
        checker=checker,
        valid_steps=max(0, line - 1) if inside else 0,
    )


def audited(answer: Answer, name: str, lines: int, checker: str) -> ProofVerdict:
    """Return the verdict on a proof in which nothing is wrong, from the answer to ``#print axioms name``.

    Anything but one readable line about that very name is not proved: so it stays where the question was tampered with.
    """
    axioms = None if answer.wrong else axioms_of(name, answer.messages)
    if axioms is None or answer.error is not None:
        told = answer.error.text if answer.error else "what the theorem rests on cannot be read"
        return ProofVerdict(False, f"not proved: {told[:_LONGEST_TOLD]}", checker=checker)
    more = [axiom for axiom in axioms if axiom not in AXIOMS]
    if more:
        return ProofVerdict(False, f"the proof rests on {', '.join(more)}", depends=axioms, checker=checker)
    return ProofVerdict(True, "", depends=axioms, checker=checker, valid_steps=lines)
