"""Does the agent answer better when it may run Python first? In a session that keeps what was defined."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from syllogym.envs import Reward, Turn, register, tool
from syllogym.envs.answers import FORMS
from syllogym.envs.code.boxes import box
from syllogym.envs.code.computations import draw_computation
from syllogym.envs.code.notebook import Notebook
from syllogym.envs.code.sandbox import Limits
from syllogym.envs.math.dataset import NONE, Dataset
from syllogym.envs.math.equivalence import Verdict
from syllogym.envs.math.rows import Row
from syllogym.errors import check_choice, check_range

_LONG_CELLS = 20
"""A session has the processor time of so many calls that take as long as one may."""


@register()
class Tool(Dataset):
    """A question, and a tool that runs Python. A call takes a turn; a reply without one is the answer and the end.

    Options, next to those of `math/dataset`, whose rows are asked where a preset or file is named:
        steps: how many numbers a drawn question names, each computed from the one before.
        price: taken off for each call, in its turn; reward part `price`.
        format: taken off an answer that is not in the form asked for; reward part `format`.
        seconds: wall clock of a call. memory: MiB of the session. shown: characters of its output that a call returns.
        isolation: of the sandbox (see `syllogym.envs.code.sandbox.Sandbox`).
    """

    max_turns = 8
    blocking = True  # a session is waited for in its thread
    levels = {"steps": (1, 2, 3, 5)}
    price, format = 0.0, 0.0
    statements: tuple[str, ...] = ()

    def on_reset(
        self,
        rng: random.Random,
        *,
        steps: int = 2,
        price: float = 0.0,
        format: float = 0.0,
        seconds: float = 3.0,
        memory: int = 256,
        shown: int = 2_000,
        isolation: str = "auto",
        **rows: Any,
    ) -> str:
        """Draw a question or choose a row, and begin a session."""
        check_range("shown", shown, 100, 100_000)
        limits = Limits(wall=seconds, cpu=_LONG_CELLS * seconds, memory=memory << 20)
        box(isolation).check_sessions()
        self.notebook = Notebook(isolation, limits, shown)
        self.price, self.format, self.statements, self.calls = price, format, (), dict[int, int]()
        if rows["preset"] or rows["file"]:
            return super().on_reset(rng, **rows)
        check_choice("The form of an answer", rows["extract"], FORMS)
        question, self.statements, answer = draw_computation(rng, steps)
        self.answer, self.answer_in = Row(question, str(answer)), rows["extract"]
        return "\n".join(filter(None, (question, FORMS[self.answer_in].ask)))

    @tool
    def python(self, code: str) -> str:
        """Run Python; return what it prints, and the value of its last expression.

        Variables, functions and imports stay for later calls. There is the standard library, and no network.
        """
        self.calls[self.turn] = self.calls.get(self.turn, 0) + 1
        return self.notebook.run(code)

    def _reward(self, verdict: Verdict) -> float:
        super()._reward(verdict)
        return Reward(correct=float(verdict.equal), format=0.0 - self.format if verdict is NONE else 0.0)

    def _judged(self, reply: str, reward: float) -> Turn:
        return Turn("", reward, over=True)

    def settle(self) -> Mapping[int, float]:
        """Charge for the calls, in their turns, and end the session."""
        self.notebook.close()
        return {turn: Reward(price=-self.price * calls) for turn, calls in self.calls.items() if self.price}

    def solve(self) -> str:
        """Compute one number a call, the rest in the last call there is a turn for; then answer."""
        left = self.statements[self.turn :]
        if not left or self.turn + 1 == self.max_turns:
            return super().solve()
        if self.turn + 2 != self.max_turns:
            left = left[:1]
        code = "\n".join((*left, left[-1].partition(" ")[0]))
        return f"<tool_call>{json.dumps({'name': 'python', 'arguments': {'code': code}})}</tool_call>"
