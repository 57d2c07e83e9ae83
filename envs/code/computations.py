"""Which questions are easier computed than thought about? About numbers that are named one after the other."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from syllogym.errors import check_range


class Computation(NamedTuple):
    """A question, the statements of Python that compute each number from the one before, and the answer."""

    question: str
    statements: tuple[str, ...]
    answer: int


_KINDS = (
    ("the sum of the decimal digits of {k} to the power of ({x} + {n})", "sum(map(int, str({k} ** ({x} + {n}))))"),
    ("the remainder of {k} to the power of ({x} + {n}) when divided by {m}", "pow({k}, {x} + {n}, {m})"),
    (
        "how many whole numbers from 1 to {x} + {n} are divisible by {a} or by {b}, but not by both",
        "sum((i % {a} == 0) != (i % {b} == 0) for i in range(1, {x} + {n} + 1))",
    ),
    (
        "how many prime numbers are less than {x} + {n}",
        "sum(all(i % d for d in range(2, int(i ** 0.5) + 1)) for i in range(2, {x} + {n}))",
    ),
    (
        "the sum of the positive divisors of {x} + {n}",
        "sum(d for d in range(1, {x} + {n} + 1) if ({x} + {n}) % d == 0)",
    ),
)
_VALUES = range(10, 2_000)
"""Values that a number may have: not to be guessed, and the next is quickly computed."""

_NAMES = "abcdef"


def draw_computation(rng: random.Random, steps: int) -> Computation:
    """Draw a question that names `steps` numbers and asks for the last."""
    check_range("steps", steps, 1, len(_NAMES))
    names: dict[str, Any] = {}
    words, statements, before = [], [], str(rng.randint(2, 99))
    for name in _NAMES[:steps]:
        while names.get(name) not in _VALUES:
            said, expression = rng.choice(_KINDS)
            gaps = {"k": rng.randint(2, 9), "n": rng.randint(20, 400), "m": rng.choice((541, 1009, 1999))}
            gaps |= {"a": rng.randint(2, 6), "b": rng.randint(7, 13)}
            statement = f"{name} = {expression.format(x=before, **gaps)}"
            exec(statement, names)  # a template of ours with whole numbers in its gaps
        words.append(f"Let {name} be {said.format(x=before, **gaps)}.")
        statements.append(statement)
        before = name
    return Computation(f"{' '.join(words)} What is {before}?", tuple(statements), names[before])
