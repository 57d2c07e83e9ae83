"""Can the agent follow a short story of quantities, and leave out what does not matter?"""

from __future__ import annotations

import random

from syllogym.envs import Question, register
from syllogym.errors import check_range

_NAMES = ("Mia", "Tom", "Ada", "Ben", "Lina", "Omar", "Ravi", "Zoe", "Ines", "Kofi")
_THINGS = ("apples", "marbles", "stickers", "coins", "books", "shells", "pencils", "cards")
_ASIDES = (
    "{other} is {n} years old.",
    "The shop is {n} minutes away.",
    "{other} has {n} {thing} at home.",
    "There are {n} days left until the holidays.",
    "{name} has seen a film {n} times.",
)


@register()
class WordProblem(Question):
    """A story of `steps` events and as many `distractors` that change nothing; the answer is a whole number."""

    levels = {"steps": (2, 3, 4, 5), "distractors": (0, 1, 2, 3), "high": (20, 50, 100)}

    def draw(self, rng: random.Random, steps: int = 3, distractors: int = 0, high: int = 50) -> tuple[str, int]:
        check_range("steps", steps, 1, 20)
        check_range("distractors", distractors, 0, len(_ASIDES))
        check_range("high", high, 10, 1_000_000)
        (name, other), thing, count = rng.sample(_NAMES, 2), rng.choice(_THINGS), rng.randint(10, high)
        story = [f"{name} has {count} {thing}."]
        for _ in range(steps):
            sentence, count = _event(rng, count, high)
            story.append(sentence.format(name=name, other=other, thing=thing))
        for aside in rng.sample(_ASIDES, distractors):
            sentence = aside.format(name=name, other=other, thing=thing, n=rng.randint(2, high))
            story.insert(rng.randint(1, len(story)), sentence)
        return f"{' '.join(story)} How many {thing} does {name} have now?", count


def _event(rng: random.Random, count: int, high: int) -> tuple[str, int]:
    """Draw what happens next; return the sentence and how many things there are after it."""
    n, k = rng.randint(2, high), rng.randint(2, 6)
    events = [
        (f"{{name}} buys {n} more {{thing}}.", count + n),
        (f"{{other}} gives {{name}} {k} bags with {n} {{thing}} each.", count + k * n),
        ("A cousin gives {name} as many {thing} as {name} already has.", 2 * count),
    ]
    if count > n:
        events.append((f"{{name}} gives {n} {{thing}} to {{other}}.", count - n))
    if count > 4 and count % k == 0:
        events.append((f"{{name}} splits the {{thing}} into {k} equal piles and keeps one pile.", count // k))
    return rng.choice(events)
