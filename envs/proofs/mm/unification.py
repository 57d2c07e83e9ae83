"""Which substitution makes two terms one? Matching for settled goals, unification where work variables stand."""

from __future__ import annotations

from collections.abc import Mapping

from syllogym.envs.proofs.mm.grammar import Term, build

LONGEST = 5_000
"""Symbols that an expression may have."""

LONGEST_OPEN = 400
"""Symbols that one with work variables may have: each of these can stand for much more, and unifying takes its time."""

_FIRST_WORK = 0xF0000
_WORK = 1_000

Bindings = Mapping[str, Term]
"""What work variables, or variables of an assertion, stand for."""


class NoUnifier(Exception):
    """There is none; the message says why."""


def work(number: int, type: str) -> Term:
    """Return the work variable of a number: something not determined yet."""
    if number >= _WORK:
        raise NoUnifier("there are too many work variables")
    return Term(type, chr(_FIRST_WORK + number), open=True)


def work_number(symbol: str) -> int:
    """Return the number of the work variable that a character stands for; negative where it is none."""
    return ord(symbol) - _FIRST_WORK


def match(pattern: Term, term: Term, found: dict[str, Term]) -> bool:
    """Say whether a term is an instance of a pattern, and note what stands for its variables."""
    syntax = pattern.syntax
    if syntax is None:
        known = found.setdefault(pattern.body, term)
        return known is term or (known.body == term.body and known.type == term.type)
    if syntax is not term.syntax:
        return False
    for one, other in zip(pattern.parts, term.parts, strict=True):
        if one.type != other.type or not match(one, other, found):
            return False
    return True


def substitute(pattern: Term, found: Bindings) -> Term:
    """Put what is found for the variables of a pattern."""
    if pattern.syntax is None:
        return found[pattern.body]
    if not pattern.parts:
        return pattern
    return _sized(build(pattern.syntax, tuple([substitute(part, found) for part in pattern.parts])))


def resolve(term: Term, bindings: Bindings) -> Term:
    """Put what is known for work variables."""
    if not term.open or bindings.keys().isdisjoint(term.body):
        return term
    if term.syntax is None:
        return bindings.get(term.body, term)
    return _sized(build(term.syntax, tuple([resolve(part, bindings) for part in term.parts])))


def unify(one: Term, other: Term, bindings: dict[str, Term]) -> None:
    """Add to the bindings what makes two terms one; `NoUnifier` where nothing does. They hold no bound variables."""
    one, other = resolve(one, bindings), resolve(other, bindings)
    if one.body == other.body and one.type == other.type:
        return
    if one.open and one.syntax is None:
        _bind(one, other, bindings)
    elif other.open and other.syntax is None:
        _bind(other, one, bindings)
    elif one.syntax is None or one.syntax is not other.syntax or not (one.open or other.open):
        raise NoUnifier("they differ")
    else:
        for left, right in zip(one.parts, other.parts, strict=True):
            unify(left, right, bindings)


def _bind(variable: Term, term: Term, bindings: dict[str, Term]) -> None:
    if variable.type != term.type:
        raise NoUnifier("they are of different types")
    if variable.body in term.body:
        raise NoUnifier("one would have to hold itself")
    new = {variable.body: term}
    for known, value in bindings.items():
        if value.open:
            bindings[known] = resolve(value, new)
    bindings[variable.body] = term


def _sized(term: Term) -> Term:
    longest = LONGEST_OPEN if term.open else LONGEST
    if len(term.body) > longest:
        raise NoUnifier(f"an expression would have more than {longest} symbols")
    return term
