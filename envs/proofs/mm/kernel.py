"""Does a proof prove its theorem? The whole of Metamath's proof checking: a stack, substitution, and ``$d``."""

from __future__ import annotations

from typing import Any

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.proof_text import SAVE, Steps, WrongProof, place_of, read_proof
from syllogym.envs.proofs.mm.source import MetamathError
from syllogym.envs.proofs.mm.statements import Assertion

ROOM = 100_000_000
"""Symbols that the expressions of one proof may have in all: letters of compressed proofs can double them each time."""


def verify(database: Database) -> int:
    """Check every proof of a database; return how many there are. `MetamathError` names the first that fails."""
    for theorem in database.theorems:
        verify_theorem(database, theorem)
    return len(database.theorems)


def verify_theorem(database: Database, theorem: Assertion) -> None:
    """Check the proof that stands in the database; `MetamathError` says where it fails."""
    try:
        run(read_proof(theorem.proof, theorem, database.labels), theorem, database)
    except WrongProof as error:
        at = place_of(error, theorem.proof)
        raise MetamathError(f"{theorem.label}: {error.reason}", theorem.source, theorem.proof_at + at) from None


def run(steps: Steps, theorem: Assertion, database: Database, room: int = ROOM) -> None:
    """Run a proof; `WrongProof` says why it is none."""
    items, order = steps
    types: list[str] = []
    bodies: list[str] = []
    for place, number in enumerate(order):
        if number == SAVE:
            if not bodies or (order[place - 1] != SAVE and type(items[order[place - 1]]) is tuple):
                raise _wrong("Z stands behind a step that uses an assertion.", place)
            items.append((types[-1], bodies[-1]))
            continue
        if number >= len(items):
            raise _wrong("There are fewer labels and kept steps than this number says.", place)
        item: Any = items[number]
        if type(item) is tuple:
            types.append(item[0])
            bodies.append(item[1])
            continue
        arity = item.arity
        if arity:
            if types[-arity:] != item.types:
                raise _mismatch(item, types, bodies, database, place)
            said = bodies[-arity:]
            for at, text, pick in item.essential:
                if text % pick(said) != said[at]:
                    raise _mismatch(item, types, bodies, database, place)
            if item.apart:
                _check_apart(item, said, theorem, database, place)
            del types[-arity:], bodies[-arity:]
            text, pick = item.conclusion
            body = text % pick(said)
        else:
            body = item.fact[1]
        room -= len(body)
        if room < 0:
            raise _wrong("The expressions of this proof grow too long.", place)
        types.append(item.type)
        bodies.append(body)
    _check_end(types, bodies, theorem, database, len(order))


def _check_apart(item: Assertion, said: list[str], theorem: Assertion, database: Database, place: int) -> None:
    """Check that what stands for variables that must be apart has no variable in common, and may not get one."""
    variables, kept = database.variables, theorem.frame.apart
    found: dict[int, frozenset[str]] = {}
    for one, other in item.apart:
        for at in (one, other):
            if at not in found:
                found[at] = frozenset(variables.intersection(said[at]))
        for symbol in found[one]:
            if not found[other] <= kept.get(symbol, _NOBODY):
                clash = next(iter(sorted(found[other] - kept.get(symbol, _NOBODY))))
                names = f"{database.names[symbol]} and {database.names[clash]}"
                raise _wrong(f"{item.label} wants {names} apart: no $d statement of the theorem says so.", place)


_NOBODY: frozenset[str] = frozenset()


def _check_end(types: list[str], bodies: list[str], theorem: Assertion, database: Database, place: int) -> None:
    if len(bodies) != 1:
        raise _wrong(f"The proof leaves {len(bodies)} statements, not one.", place)
    if (types[0], bodies[0]) != theorem.fact:
        shown = f"{database.statement((types[0], bodies[0]))}, not {database.statement(theorem.fact)}"
        raise _wrong(f"The proof proves {shown}.", place)


def _mismatch(item: Assertion, types: list[str], bodies: list[str], database: Database, place: int) -> WrongProof:
    """Return the error that says which hypothesis is not met."""
    if len(types) < item.arity:
        return _wrong(f"{item.label} takes {item.arity} hypotheses; {len(types)} are proved.", place)
    said = bodies[-item.arity :]
    for at, (hypothesis, given) in enumerate(zip(item.hypotheses, types[-item.arity :], strict=True)):
        if hypothesis.fact[0] != given:
            names = f"{database.names[given]} where {hypothesis.label} wants {database.names[hypothesis.fact[0]]}"
            return _wrong(f"{item.label} is given {names}.", place)
        for which, text, pick in item.essential:
            if which == at and text % pick(said) != said[at]:
                wanted = (given, text % pick(said))
                shown = f"{database.statement((given, said[at]))} where {hypothesis.label} wants "
                return _wrong(f"{item.label} is given {shown}{database.statement(wanted)}.", place)
    raise AssertionError("every hypothesis is met")


def _wrong(message: str, place: int) -> WrongProof:
    return WrongProof(message, step=place)
