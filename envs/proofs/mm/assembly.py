"""How is a finished proof written down? As a compressed proof, every fact proved once."""

from __future__ import annotations

from string import ascii_uppercase
from typing import NamedTuple

from syllogym.envs.proofs.mm.grammar import Term
from syllogym.envs.proofs.mm.statements import Assertion
from syllogym.envs.proofs.mm.tactics import Stage, all_known
from syllogym.envs.proofs.mm.unification import resolve

_LETTERS = ascii_uppercase[:20]
_DIGITS = "UVWXY"


class _Proof(NamedTuple):
    """A fact and what it follows from: an assertion and a proof for each of its hypotheses, or a hypothesis."""

    fact: str
    by: Assertion | str
    parts: tuple[_Proof | Term, ...]


def assemble(stage: Stage) -> str:
    """Write the proof that a stage without goals and without work variables stands for."""
    theorem = stage.setting.theorem
    root = _tree(stage)
    numbers = {one.label: place for place, one in enumerate(theorem.hypotheses)}
    floating = {symbol: one.label for symbol, one in theorem.frame.floating.items()}
    labels: dict[str, None] = {}
    made: dict[str, int] = {}  # places in `line` of facts
    line: list[tuple[str, str]] = []  # (label, "") or ("", fact): again what was proved
    todo: list[tuple[_Proof | Term, bool]] = [(root, False)]
    while todo:
        one, ready = todo.pop()
        fact, by, parts = one if isinstance(one, _Proof) else _of_term(one, floating)
        if fact in made and not ready:  # ready: its own proof held it, and stands written now
            line.append(("", fact))
        elif isinstance(by, Assertion) and parts and not ready:
            todo.append((one, True))
            todo += [(part, False) for part in reversed(parts)]
        else:
            label = by.label if isinstance(by, Assertion) else by
            line.append((label, ""))
            if isinstance(by, Assertion):
                made.setdefault(fact, len(line) - 1)
            if label not in numbers:
                labels[label] = None
    return _written(line, made, numbers, list(labels))


def _of_term(term: Term, floating: dict[str, str]) -> tuple[str, Assertion | str, tuple[Term, ...]]:
    return term.type + term.body, term.syntax or floating[term.body], term.parts


def _tree(stage: Stage) -> _Proof:
    """Turn steps, each before those that prove its hypotheses, into a tree."""
    stack: list[_Proof] = []
    bindings, step = all_known(stage), stage.done
    while step is not None:
        fact = step.goal[0] + resolve(step.goal[1], bindings).body
        if step.pattern is None:
            stack.append(_Proof(fact, step.label, ()))
        else:
            terms = iter([resolve(term, bindings) for term in step.terms])
            assertion = step.pattern.assertion
            parts = tuple([next(terms) if one.floating else stack.pop() for one in assertion.hypotheses])
            stack.append(_Proof(fact, assertion, parts))
        step = step.before
    return stack.pop()


def _written(line: list[tuple[str, str]], made: dict[str, int], numbers: dict[str, int], labels: list[str]) -> str:
    numbers = numbers | {label: len(numbers) + place for place, label in enumerate(labels)}
    again = {made[fact] for _, fact in line if fact}
    kept: dict[int, int] = {}
    letters = []
    for place, (label, fact) in enumerate(line):
        letters.append(_letters(kept[made[fact]] if fact else numbers[label]))
        if place in again:
            kept[place] = len(numbers) + len(kept)
            letters.append("Z")
    return f"( {' '.join([*labels, ')'])} {''.join(letters)}"


def _letters(number: int) -> str:
    high, low = divmod(number, 20)
    written = _LETTERS[low]
    while high:
        high, digit = divmod(high - 1, 5)
        written = _DIGITS[digit] + written
    return written
