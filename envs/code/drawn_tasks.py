"""How does a drawn function become a task? By examples, tests at the edges, and a property every solution must have."""

from __future__ import annotations

import random

from syllogym.envs.code.pipelines import Pipeline, draw_numbers, draw_pipeline
from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox import Call, Expression
from syllogym.errors import check_range

_VARIED = 4
_TRIES = 1_000


def draw_task(rng: random.Random, steps: int, shown: int, hidden: int) -> tuple[Pipeline, Task]:
    """Draw a function whose values vary, and tests of it.

    Args:
        rng: chance.
        steps: how many steps the function has.
        shown: how many examples the agent sees.
        hidden: how many calls it does not see. Among them are an empty list, one number, equal numbers, negative ones;
            one more test asks whether the argument is left as it was.
    """
    check_range("steps", steps, 1, 50)
    check_range("shown", shown, 0, 20)
    check_range("hidden", hidden, 6, 1_000)
    for _ in range(_TRIES):
        pipeline = draw_pipeline(rng, steps)
        edges = [[], [rng.randint(1, 9)], [rng.randint(1, 9)] * 4, draw_numbers(rng, 5, -20, -1)]
        given = [draw_numbers(rng, rng.randint(4, 8), -5, 20) for _ in range(shown + hidden - len(edges))]
        if len({repr(pipeline(numbers)) for numbers in given}) >= min(_VARIED, len(given)):
            break
    examples = tuple(Call("f", (numbers,), pipeline(numbers)) for numbers in given[:shown])
    unseen = tuple(Call("f", (numbers,), pipeline(numbers)) for numbers in [*edges, *given[shown:]])
    kept = draw_numbers(rng, 6, -5, 20)
    unchanged = Expression(f"(lambda xs: (f(xs), xs)[1])({kept})", kept)
    return pipeline, Task(pipeline.source, (*unseen, unchanged), examples)


def described(pipeline: Pipeline, task: Task) -> str:
    """Say in words what the function does, with the examples that are shown."""
    calls = (f"f({call.arguments[0]}) == {call.expected!r}" for call in task.shown if isinstance(call, Call))
    return "\n".join(
        ("f(xs) gets a list of whole numbers, which it must not change, and does this:", pipeline.words, *calls)
    )
