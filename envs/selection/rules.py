"""How does a solver find the rule behind some examples, and answer by it? Without any model, by trying every rule."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

KINDS = ("red", "blue", "green", "gold", "pink", "grey")

_FACTORS = range(1, 5)
_SUMMANDS = range(31)
_INPUTS = range(2, 21)


class Example(NamedTuple):
    """``red 4 -> 11``: under red's rule 4 becomes 11."""

    kind: str
    given: int
    answer: int

    def __str__(self) -> str:
        return f"{self.kind} {self.given} -> {self.answer}"

    @property
    def question(self) -> str:
        """The example without its answer."""
        return f"{self.kind} {self.given} -> ?"


def draw_examples(rng: random.Random, count: int, kinds: int) -> list[Example]:
    """Draw examples of so many kinds, in turn, each kind with a rule of its own; the first is of the first kind."""
    examples = []
    for at, kind in enumerate(rng.sample(KINDS, kinds)):
        factor, summand = rng.choice(_FACTORS), rng.choice(_SUMMANDS)
        inputs = rng.sample(_INPUTS, len(range(at, count, kinds)))
        examples.append([Example(kind, given, factor * given + summand) for given in inputs])
    return [examples[at % kinds][at // kinds] for at in range(count)]


def induce(shown: Sequence[str], question: str) -> str:
    """Answer a question by the rule y = ax + b that explains most of what is shown, the smallest of several.

    Examples of the question's kind count; only where there are none do all of them. Nothing shown, or nothing that any
    rule explains, is answered by ``?``.
    """
    kind, given, *_ = question.split()
    examples = [example.split() for example in shown]
    own = [example for example in examples if example[0] == kind] or examples
    explained = Counter(
        (factor, summand)
        for _, x, _, y in own
        for factor in _FACTORS
        if (summand := int(y) - factor * int(x)) in _SUMMANDS
    )
    if not explained:
        return "?"
    factor, summand = min(explained, key=lambda rule: (-explained[rule], rule))
    return str(factor * int(given) + summand)
