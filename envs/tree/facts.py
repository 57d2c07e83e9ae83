"""What does a text of simple sentences say, such as ``Every lempus is a jompus`` and ``Bob is not red``?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SENTENCE = re.compile(
    r"(?:(?:every|each) )?(?P<who>\w+) (?:is|are) (?P<no>not )?(?:an? )?(?P<what>\w+)", re.ASCII | re.IGNORECASE
)


class Fact(NamedTuple):
    """That who is one thing is another, or has a property; or, where it is not positive, that it is not so."""

    who: str
    what: str
    positive: bool
    sentence: str


def read_fact(sentence: str) -> Fact | None:
    """Read one sentence; None where it is none of the form. Words are compared small and in the singular."""
    bare = " ".join(sentence[:200].strip(" .\n").split())
    said = _SENTENCE.fullmatch(bare)
    return Fact(_word(said["who"]), _word(said["what"]), not said["no"], f"{bare}.") if said else None


def read_facts(text: str) -> tuple[Fact, ...]:
    """Read every sentence of a text.

    Raises:
        ValueError: naming the first that cannot be read.
    """
    found = []
    for sentence in filter(None, map(str.strip, text.split("."))):
        fact = read_fact(sentence)
        if fact is None:
            raise ValueError(f"the sentence {sentence[:100]!r} is not of the form 'Every A is a B'")
        found.append(fact)
    return tuple(found)


def reached(facts: Sequence[Fact], start: str) -> Iterator[tuple[str, bool, int]]:
    """Yield what follows of one who is `start`: word, whether it is so, and in how many steps; nearest first."""
    ahead = [(start, True, 0)]
    seen = {(start, True)}
    for word, positive, steps in ahead:
        yield word, positive, steps
        for fact in facts:
            if positive and fact.who == word and (fact.what, fact.positive) not in seen:
                seen.add((fact.what, fact.positive))
                ahead.append((fact.what, fact.positive, steps + 1))


def _word(word: str) -> str:
    word = word.lower()
    return word[:-2] if word.endswith("uses") else word  # the invented nouns end in us: jompus, jompuses
