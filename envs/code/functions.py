"""Can the agent write a function from a description?"""

from __future__ import annotations

import random

from syllogym.envs import register
from syllogym.envs.code.drawn_tasks import described, draw_task
from syllogym.envs.code.programming import Programming, Task


@register()
class Functions(Programming):
    """A function is described in words, step by step, with `shown` examples; `hidden` calls and a property decide.

    Further options are those of `Programming`: partial, format, seconds, isolation.
    """

    levels = {"steps": (1, 2, 3, 5)}

    def draw(self, rng: random.Random, steps: int = 2, shown: int = 2, hidden: int = 10) -> tuple[str, Task]:
        pipeline, task = draw_task(rng, steps, shown, hidden)
        return f"Write a Python function f. {described(pipeline, task)}", task
