"""What is the theorem in a Lean text, and what of a reply is its proof?

A theorem is what stands before it (its preamble: imports, options, definitions), a name, and a statement: binders, a
colon, a proposition. The statement that is put to Lean is always ours; from a reply only a proof is taken.
"""

from __future__ import annotations

import re
import secrets

from syllogym.envs.proofs.lean4.policy import Refused, without_comments
from syllogym.envs.proofs.prover import Theorem
from syllogym.errors import UserError

_THEOREM = re.compile(r"(?<![\w.])(?:theorem|lemma)\s+(?P<name>[^\s:({\[]+)")
_END = re.compile(r":=\s*(?:by\b)?\s*(?:sorry)?\s*\Z")
_SOLUTION = re.compile(r":=[ \t]*sorry[ \t]*\n[ \t]*--[ \t]*(?P<answer>\S[^\n]*)")
_LEFT_OUT = re.compile(r"(?<![\w.])(?:sorry|admit)(?![\w'])")
_BY = re.compile(r"\s*:=\s*by(?![\w'.])")
_IS = re.compile(r"\s*:=")


def read_theorem(text: str) -> Theorem:
    """Read the last theorem of a text; behind its statement stands nothing, or that it is left out.

    Definitions before it that are left out (PutnamBench's answers) get what the comment in the next line says.

    Raises:
        UserError: if there is none, or a definition before it is left out.
    """
    text = _SOLUTION.sub(r":= \g<answer>", text)
    try:
        plain = without_comments(text)
    except Refused as error:
        raise UserError(f"The Lean text {_short(text)} cannot be read: {error}.") from error
    end = _END.search(plain)
    begins = list(_THEOREM.finditer(plain, 0, end.start() if end else 0))
    if end is None or not begins:
        raise UserError(f"The Lean text {_short(text)} does not end with a theorem without a proof.")
    begin = begins[-1]
    preamble = plain[: begin.start()].strip()
    if _LEFT_OUT.search(preamble):
        raise UserError(
            f"In the Lean text {_short(text)} a definition is left out (sorry) without an answer behind --."
        )
    statement = plain[begin.end() : end.start()].strip()
    return Theorem(_lines(statement), begin["name"], _lines(preamble))


def proof_in(text: str, theorem: Theorem) -> str:
    """Return the proof in a text: what stands behind ``:= by`` of the theorem, or all of it where it names none.

    Raises:
        Refused: where the text states another theorem, or the same with another statement.
    """
    plain = without_comments(text)
    begins = list(_THEOREM.finditer(plain))
    if not begins:
        return plain
    begin = next((one for one in begins if one["name"] == theorem.name), None)
    if begin is None:
        raise Refused(f"it proves {begins[-1]['name']}, not {theorem.name}")
    said = re.compile(r"\s+".join(map(re.escape, theorem.statement.split()))).match(plain, _skip(plain, begin.end()))
    stated = _IS.match(plain, said.end()) if said else None
    if said is None or stated is None:
        raise Refused(f"the statement of {theorem.name} is not the one that was asked for")
    by = _BY.match(plain, said.end())
    if by is None:
        return f"exact (\n{plain[stated.end() :].strip()}\n)"
    return " " * (by.end() - plain.rfind("\n", 0, by.end()) - 1) + plain[by.end() :]


def theorem_text(theorem: Theorem, proof: str) -> str:
    """Write a theorem with its proof, each of whose lines is set in by two blanks."""
    inside = "\n".join(f"  {line}" if line.strip() else "" for line in proof.strip("\n").split("\n"))
    return f"theorem {theorem.name} {theorem.statement} := by\n{inside}"


def lines_above(theorem: Theorem) -> int:
    """Return how many lines of such a text stand above the proof."""
    return theorem.statement.count("\n") + 1


def renamed(theorem: Theorem) -> Theorem:
    """Give a theorem a name that no proof can know, of letters that need no quoting."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", theorem.name)
    return Theorem(theorem.statement, f"t_{plain}_{secrets.token_hex(8)}", theorem.preamble)


def _skip(text: str, place: int) -> int:
    return place + len(text[place:]) - len(text[place:].lstrip())


def _lines(text: str) -> str:
    """Leave out empty lines and blanks at the ends of others."""
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip())


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:60]} ...")
