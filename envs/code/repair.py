"""Can the agent mend a program that fails, told by the tests it may see how each try went?"""

from __future__ import annotations

import random

from syllogym.envs import register
from syllogym.envs.code.drawn_tasks import described, draw_task
from syllogym.envs.code.pipelines import varied
from syllogym.envs.code.programming import Programming, Task
from syllogym.envs.code.replies import as_reply
from syllogym.envs.code.sandbox import Call


@register()
class Repair(Programming):
    """A function with a mistake, and what it should do in words. After a wrong try it is told how the examples went.

    Only the last try is paid. Options as in `code/functions`.
    """

    max_turns = 3
    levels = {"steps": (2, 3, 5, 7)}

    def draw(self, rng: random.Random, steps: int = 3, shown: int = 3, hidden: int = 10) -> tuple[str, Task]:
        while True:
            pipeline, task = draw_task(rng, steps, shown, hidden)
            broken = varied(rng, pipeline)
            calls = [test for test in (*task.shown, *task.hidden) if isinstance(test, Call)]
            if any(broken(call.arguments[0]) != call.expected for call in calls):
                return f"This function has a mistake.\n{as_reply(broken.source)}\n{described(pipeline, task)}", task
