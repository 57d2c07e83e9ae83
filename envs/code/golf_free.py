"""Can the agent find a program, however it spells it, from what it does? In Dial, a language for tiny models."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import NamedTuple

from syllogym.envs import Question, Reward, register
from syllogym.envs.code.dial import DIGITS, RULES, passes, program_in, run
from syllogym.errors import check_range


class Task(NamedTuple):
    """A program, and lists of digits with what it makes of them: those that the agent sees, and others."""

    program: str
    shown: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]


@register()
class GolfFree(Question):
    """Shown ``3141>5397:``, write a program that does this, and spell how each instruction was found.

    ``5-3=2-0=2 3-1=2-2=0 9-4=5-2=3 7-1=6-5=1`` is such a reply. In each word the digit wanted less the one given is how
    the dial must stand; that less how it stands is how far to turn it, which is the instruction. Only instructions
    count: all `shown` and `hidden` lists must pass. A program that one split asks for is never asked for in the other.

    Options:
        size: digits of a list. explain: tell the language in the prompt; tiny models learn it from demonstrations.
    """

    answer_in = "plain"
    levels = {"size": (2, 3, 4, 5)}

    def draw(
        self, rng: random.Random, size: int = 4, shown: int = 2, hidden: int = 8, explain: bool = True
    ) -> tuple[str, Task]:
        check_range("size", size, 2, 100)
        check_range("shown", shown, 1, 20)
        check_range("hidden", hidden, 1, 1_000)
        program, *lists = ("".join(rng.choices(DIGITS, k=size)) for _ in range(1 + shown + hidden))
        tests = tuple((numbers, run(program, numbers)) for numbers in lists)
        examples = " ".join(f"{numbers}>{wanted}" for numbers, wanted in tests[:shown])
        return f"{RULES}\n{examples}:" if explain else f"{examples}:", Task(program, tests[:shown], tests[shown:])

    def instance(self, first: str | Mapping[str, str]) -> str:
        program: str = self.answer.program
        return program

    def grade(self, reply: str, answer: Task) -> float:
        program = program_in(reply)
        return Reward(correct=float(passes(program, answer.shown) and passes(program, answer.hidden)))

    def solution(self, answer: Task) -> str:
        return spelled(answer.shown[0])

    def slip(self, rng: random.Random, rate: float) -> str:
        """Forget with chance `rate` for each digit that the dial stays as it was turned."""
        return spelled(self.answer.shown[0], forget=lambda: rng.random() < rate)


def spelled(example: tuple[str, str], forget: Callable[[], bool] = lambda: False) -> str:
    """Find the instruction for each digit from one example; where `forget` says so, take the dial to stand at 0."""
    dial, words = 0, []
    for digit, there in zip(*example, strict=True):
        turned = (int(there) - int(digit)) % 10
        words.append(f"{there}-{digit}={turned}-{dial}={(turned - dial) % 10}")
        dial = 0 if forget() else turned
    return " ".join(words)
