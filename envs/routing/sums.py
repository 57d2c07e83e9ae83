"""What is a sum of products? A task whose parts are easier than the whole, and whose plans are all known.

An expression's difficulty is a tenth for each operator; its family is ``sum`` where no term is a product, ``product``
where every term is one, else ``mixed``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from syllogym.envs import Question, register
from syllogym.envs.routing import pool as routing
from syllogym.errors import check_range

_MOST_TERMS = 8
_EXPRESSION = re.compile(r"[\d(][\d+*() ]*")


@register()
class Sums(Question):
    """Evaluate a sum of single digits and of products of two, such as ``3*4+7+2*5``.

    Options: `terms`, how many there are; `nested`, make terms ``(3+4)*5``, whose own parts come first.
    """

    answer_in = "tag"
    levels = {"terms": (2, 3, 5)}

    def draw(self, rng: random.Random, terms: int = 4, nested: bool = False) -> tuple[str, int]:
        check_range("routing/sums: terms", terms, 1, _MOST_TERMS)
        self.text = "+".join(_term(rng, nested) for _ in range(terms))
        return f"What is {self.text}?", value_of(self.text)

    def joined(self, results: Sequence[str]) -> str:
        """Return what the results of parts come to that were all cut at a ``+``."""
        try:
            return str(sum(map(value_of, results)))
        except ValueError:
            return "unknown"

    def asked(self, query: str) -> routing.Question:
        """Return what a query asks: for the first expression in it. Nobody knows the answer to one without."""
        found = _EXPRESSION.search(query)
        return replace(part_of(found[0].strip()), text=query) if found else routing.Question(query, difficulty=1.0)

    @property
    def family(self) -> str:
        """The kind of task that the expression is."""
        return family_of(self.text)

    @property
    def difficulty(self) -> float:
        """How hard the expression is."""
        return difficulty_of(self.text)


@lru_cache(maxsize=1 << 16)
def part_of(text: str) -> routing.Question:
    """Return a part of a sum as experts are asked it; nobody knows the answer to what is no expression."""
    try:
        answer = str(value_of(text))
    except ValueError:
        answer = None
    return routing.Question(text, family_of(text), difficulty=difficulty_of(text), answer=answer)


def value_of(text: str) -> int:
    """Return the value of an expression of whole numbers. Raises ValueError for anything else."""
    from syllogym.envs.math.expression import evaluate

    value = evaluate(text).value
    if not isinstance(value, int):
        raise ValueError("it is no whole number")
    return value


def family_of(text: str) -> str:
    """Return ``sum``, ``product`` or ``mixed``."""
    products = [("*" in term) for term in terms_of(text)]
    return "product" if all(products) else "mixed" if any(products) else "sum"


def difficulty_of(text: str) -> float:
    """Return a tenth for each operator, at most 1."""
    return min(1.0, sum(text.count(sign) for sign in "+-*/") / 10)


def terms_of(text: str) -> list[str]:
    """Return the terms that a sum has outside of brackets."""
    return list(_terms(text))


def _terms(text: str) -> Iterator[str]:
    depth, begun = 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "+" and depth == 0:
            yield text[begun:at]
            begun = at + 1
    yield text[begun:]


def _term(rng: random.Random, nested: bool) -> str:
    a, b, c = (str(rng.randint(1, 9)) for _ in range(3))
    if rng.random() < 0.5:
        return a
    return f"({a}+{b})*{c}" if nested else f"{a}*{b}"
