"""How is a written proof read? Normal and compressed proofs become one form: items, and the order they are used in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from string import ascii_uppercase
from typing import NamedTuple

from syllogym.envs.proofs.mm.source import MetamathError
from syllogym.envs.proofs.mm.statements import Assertion, Fact, Hypothesis

Labels = Mapping[str, Hypothesis | Assertion]
"""Statements by their labels."""

SAVE = -1
"""Instead of an item's number: keep what was proved last, as one more item."""

_LETTERS = re.compile(r"[U-Y]*[A-T]|Z")
_ITEMS = 10_000_000
_DIGITS = "UVWXY"
_NUMBERS = {"Z": SAVE} | {letter: place for place, letter in enumerate(ascii_uppercase[:20])}
for _high, _low in product(_DIGITS, range(20)):  # two letters, since nearly all are; longer ones are worked out
    _NUMBERS[_high + ascii_uppercase[_low]] = (_DIGITS.index(_high) + 1) * 20 + _low


class Steps(NamedTuple):
    """A proof ready to run.

    Attributes:
        items: what steps use: the facts of hypotheses, and assertions. order: numbers of items, or `SAVE`.
    """

    items: list[Fact | Assertion]
    order: list[int]


class WrongProof(MetamathError):
    """A proof that is none.

    Args:
        message: why. word: the place of the word that is wrong. letter: its place among the letters that begin there.
        step: instead, the place of the step that does not follow.
    """

    def __init__(self, message: str, word: int = 0, letter: int = 0, step: int | None = None) -> None:
        super().__init__(message)
        self.word, self.letter, self.step = word, letter, step


def read_proof(text: str, theorem: Assertion, labels: Labels) -> Steps:
    """Read a proof of a theorem, in which hypotheses in force and earlier assertions may be named."""
    words = text.split()
    if not words:
        raise WrongProof("The proof is empty.")
    if words[0] == "(":
        return _compressed(words, theorem, labels)
    known: dict[str, int] = {}
    items: list[Fact | Assertion] = []
    order = []
    for place, label in enumerate(words):
        if label not in known:
            known[label] = len(items)
            items.append(_named(label, place, theorem, labels))
        order.append(known[label])
    return Steps(items, order)


def _compressed(words: list[str], theorem: Assertion, labels: Labels) -> Steps:
    if ")" not in words:
        raise WrongProof("The list of labels is not closed by ')'.", len(words))
    close = words.index(")")
    items: list[Fact | Assertion] = [one.fact for one in theorem.hypotheses]
    implied = {one.label for one in theorem.hypotheses}
    for place, label in enumerate(words[1:close], 1):
        if label in implied:
            raise WrongProof(f"{label} is a mandatory hypothesis, which is not named here.", place)
        items.append(_named(label, place, theorem, labels))
    letters = "".join(words[close + 1 :])
    codes = _LETTERS.findall(letters)
    if sum(map(len, codes)) != len(letters):
        at = next(iter(re.finditer(r"[^A-Z]|[U-Y]+(?=[^A-Y]|$)", letters))).start()
        raise WrongProof(_unread(letters[at]), close + 1, at)
    try:
        order = [_NUMBERS[code] for code in codes]
    except KeyError:
        order = [_NUMBERS[code] if code in _NUMBERS else _number(code) for code in codes]
    return Steps(items, order)


def _unread(letter: str) -> str:
    if letter == "?":
        return "The proof is incomplete: it holds '?'."
    return f"The letter {letter!r} makes no step of a compressed proof."


def _number(code: str) -> int:
    number = 0
    for digit in code[:-1]:
        number = number * 5 + _DIGITS.index(digit) + 1
        if number > _ITEMS:
            break
    return number * 20 + ascii_uppercase.index(code[-1])


def _named(label: str, place: int, theorem: Assertion, labels: Labels) -> Fact | Assertion:
    """Return what a label of a proof names, if the proof may use it."""
    found = labels.get(label)
    if found is None:
        what = "The proof is incomplete: it holds '?'." if label == "?" else f"There is no statement {label!r}."
        raise WrongProof(what, place)
    if found.number >= theorem.number:
        what = "the theorem itself" if label == theorem.label else "a later statement"
        raise WrongProof(f"{label} is {what}.", place)
    if isinstance(found, Assertion):
        return found
    in_force = theorem.frame.floating.get(found.fact[1]) if found.floating else found
    if in_force is not found or (not found.floating and found not in theorem.frame.essential):
        raise WrongProof(f"The hypothesis {label} is not in force here.", place)
    return found.fact


def place_of(error: WrongProof, text: str) -> int:
    """Return the offset in a proof's text at which it is wrong."""
    starts = [match.start() for match in re.finditer(r"\S+", text)] or [len(text)]
    if error.step is None and not error.letter:
        return starts[error.word] if error.word < len(starts) else len(text)
    if not text.lstrip().startswith("("):
        return starts[min(error.step or 0, len(starts) - 1)]
    letters = [place for place in range(text.index(")") + 1, len(text)) if not text[place].isspace()]
    if error.step is not None:
        codes = list(_LETTERS.finditer("".join(text[place] for place in letters)))
        number = codes[min(error.step, len(codes) - 1)].end() - 1 if codes else 0
    else:
        number = error.letter
    return letters[number] if number < len(letters) else len(text)
