"""Which small functions are tasks drawn from? Steps from list to list, in Python and in words."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple


class Step(NamedTuple):
    """One statement about the list `xs`, and what it does in words."""

    line: str
    words: str


class Pipeline(NamedTuple):
    """A function of one list: steps, and what is returned in the end."""

    steps: tuple[Step, ...]

    @property
    def source(self) -> str:
        """The function in Python."""
        return "\n    ".join(("def f(xs):", *(step.line for step in self.steps))) + "\n"

    @property
    def words(self) -> str:
        """What the function does, a numbered line for each step."""
        return "\n".join(f"{number}. {step.words}" for number, step in enumerate(self.steps, start=1))

    def __call__(self, numbers: list[int]) -> Any:
        """Return what the function returns. Its source is ours: templates with whole numbers in their gaps."""
        names: dict[str, Any] = {}
        exec(self.source, names)
        return names["f"](list(numbers))


Kind = tuple[str, str]

_STEPS: tuple[Kind, ...] = (
    ("xs = [x + {k} for x in xs]", "Add {k} to each number."),
    ("xs = [x * {k} for x in xs]", "Multiply each number by {k}."),
    ("xs = [x - {k} for x in xs]", "Subtract {k} from each number."),
    ("xs = [x % {k} for x in xs]", "Replace each number by its remainder modulo {k} (as Python's %)."),
    ("xs = [abs(x - {k}) for x in xs]", "Replace each number by its distance from {k}."),
    ("xs = [x for x in xs if x > {k}]", "Keep the numbers greater than {k}."),
    ("xs = [x for x in xs if x < {k}]", "Keep the numbers less than {k}."),
    ("xs = [x for x in xs if x % {k} != 0]", "Remove the multiples of {k}."),
    ("xs = [x for x in xs if x % 2 == 0]", "Keep the even numbers."),
    ("xs = xs[::-1]", "Reverse the list."),
    ("xs = sorted(xs)", "Sort the list in ascending order."),
    ("xs = list(dict.fromkeys(xs))", "Keep only the first of equal numbers."),
    ("xs = xs[{i}:] + xs[:{i}]", "Move the first {i} numbers to the end, in their order."),
    (
        "xs = [b - a for a, b in zip(xs, xs[1:])]",
        "Replace the list by the differences, each number less the one before.",
    ),
    ("xs = [sum(xs[: i + 1]) for i in range(len(xs))]", "Replace each number by the sum of all up to and with it."),
    ("xs = [x + i for i, x in enumerate(xs)]", "Add to each number its place, counted from 0."),
)

_ENDS: tuple[Kind, ...] = (
    ("return xs", "Return the list."),
    ("return sum(xs)", "Return the sum of the numbers."),
    ("return max(xs, default={k})", "Return the greatest number, or {k} if there is none."),
    ("return sum(x > {k} for x in xs)", "Return how many numbers are greater than {k}."),
    ('return "-".join(str(x) for x in xs)', 'Return a string: the numbers joined by "-".'),
    ("return [(x, xs.count(x)) for x in sorted(set(xs))]", "Return the pairs (number, how often it occurs), sorted."),
)  # fmt: skip


def draw_pipeline(rng: random.Random, steps: int) -> Pipeline:
    """Draw a function of so many steps before what it returns; no step follows one of its own kind."""
    kinds: list[Kind] = []
    while len(kinds) < steps:
        kind = rng.choice(_STEPS)
        if kind not in kinds[-1:]:
            kinds.append(kind)
    return Pipeline(tuple(_filled(rng, kind) for kind in (*kinds, rng.choice(_ENDS))))


def varied(rng: random.Random, pipeline: Pipeline) -> Pipeline:
    """Return the same function with a mistake: one step is drawn anew, left out, or changes places with the next."""
    steps = list(pipeline.steps)
    at = rng.randrange(len(steps) - 1)
    changes: tuple[Callable[[], Any], ...] = (
        lambda: steps.__setitem__(at, _filled(rng, rng.choice(_STEPS))),
        lambda: steps.pop(at),
        lambda: steps.insert(at, steps.pop(max(0, at - 1))),
    )
    rng.choice(changes)()
    return Pipeline(tuple(steps))


def draw_numbers(rng: random.Random, size: int, low: int = 0, high: int = 9) -> list[int]:
    """Draw a list of so many numbers from `low` to `high`."""
    return [rng.randint(low, high) for _ in range(size)]


def _filled(rng: random.Random, kind: Kind) -> Step:
    gaps = {"k": rng.randint(2, 9), "i": rng.randint(1, 3)}
    return Step(*(part.format(**gaps) for part in kind))
