"""Can the agent tell what a function returns, or what to give it for a value? After CRUXEval (arXiv 2401.03065)."""

from __future__ import annotations

import random
from collections.abc import Mapping

from syllogym.envs import Reward, register
from syllogym.envs.answers import FORMS, extract
from syllogym.envs.code.boxes import box, opened
from syllogym.envs.code.examples import Example, read_examples
from syllogym.envs.code.literals import arguments_of, value_of
from syllogym.envs.code.pipelines import draw_numbers, draw_pipeline
from syllogym.envs.code.sandbox import Call, Verdict
from syllogym.envs.code.sandbox.inside import plain
from syllogym.envs.question import Question
from syllogym.envs.waiting import Soon, then
from syllogym.errors import check_choice, check_range


@register()
class Output(Question):
    """A function, and a call or its value: the other of the two is asked for, as Python literals.

    The reply is read, never run. Predicted arguments other than the known ones are tried: the given function, which is
    trusted no more than a reply, is called with them in the sandbox.

    Options:
        ask: ``output`` for the value of a call, ``input`` for arguments that lead to a value.
        steps: how many steps a function has, where functions are drawn. size: how many numbers it is given.
        file: local file or hub data set with functions, such as ``cruxeval-org/cruxeval``, instead of drawn ones.
        part: split of a hub data set.
        fields: where the parts of a row are, if not in ``code``, ``input`` and ``output``.
        isolation: of the sandbox (`syllogym.envs.code.sandbox.Sandbox`), for ``ask: input``.
    """

    answer_in = "tag"
    levels = {"steps": (1, 2, 3, 5), "size": (3, 5, 8)}
    ask, isolation = "output", "auto"

    def draw(
        self,
        rng: random.Random,
        ask: str = "output",
        steps: int = 2,
        size: int = 5,
        file: str = "",
        part: str = "test",
        fields: Mapping[str, str] | None = None,
        isolation: str = "auto",
    ) -> tuple[str, Example]:
        check_choice("What is asked", ask, ("output", "input"))
        check_range("steps", steps, 1, 50)
        check_range("size", size, 1, 50)
        self.ask, self.isolation = ask, isolation
        if ask == "input":
            opened(isolation)
        example = rng.choice(read_examples(file, part, fields or {}, ask)) if file else _drawn(rng, steps, size)
        asked = (
            f"What does f({example.given}) return? Write the value as a Python literal."
            if ask == "output"
            else f"Which arguments make f return {example.value}? Write them as Python literals, separated by commas."
        )
        return f"```python\n{example.source}```\n{asked}", example

    def grade(self, reply: str, answer: Example) -> Soon[float]:
        found = extract(reply, self.answer_in)
        try:
            if self.ask == "output":
                return _paid(found is not None and value_of(found) == answer.expected)
            return _paid(False) if found is None else self._tried(arguments_of(found), answer)
        except ValueError:
            return _paid(False)

    def solution(self, answer: Example) -> str:
        return FORMS[self.answer_in].write % (answer.value if self.ask == "output" else answer.given,)

    def _tried(self, arguments: tuple[object, ...], answer: Example) -> Soon[float]:
        if plain.encode(arguments) == plain.encode(arguments_of(answer.given)):
            return _paid(True)
        call = Call("f", arguments, plain.decode(answer.expected))
        running: Soon[Verdict] = box(self.isolation).arun(answer.source, [call])
        return then(running, lambda verdict: _paid(verdict.checked().passed))


def _paid(right: bool) -> float:
    return Reward(correct=float(right))


def _drawn(rng: random.Random, steps: int, size: int) -> Example:
    pipeline, numbers = draw_pipeline(rng, steps), draw_numbers(rng, size)
    return Example(pipeline.source, repr(numbers), repr(pipeline(numbers)))
