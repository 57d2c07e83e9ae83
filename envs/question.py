"""How is an environment written that asks one question? By one hook: draw a question and its answer."""

from __future__ import annotations

import inspect
import random
from typing import Any

from syllogym.envs.answers import FORMS, extract, matches
from syllogym.envs.text import TextEnv
from syllogym.envs.values import Reply, Reward, Turn
from syllogym.envs.waiting import Soon, then


class Question(TextEnv):
    r"""A question with one reply. Write `draw`; its keyword arguments are the environment's options.

    A whole environment::

        @register()
        class Sum(Question):
            def draw(self, rng, high=100):
                a, b = rng.randint(1, high), rng.randint(1, high)
                return f"What is {a} + {b}?", a + b

    With ``max_turns`` above 1 a wrong reply is told so and may be tried again; only the last try is paid.

    Attributes:
        answer_in: the form of the answer (see `syllogym.envs.answers.FORMS`); the question ends by asking for it.
        answer: what `draw` returned as the answer.
    """

    max_turns = 1
    answer_in: str = "boxed"
    answer: Any = None

    @classmethod
    def option_defaults(cls) -> dict[str, Any]:
        """Return the options with their defaults: keyword-only arguments of `on_reset`, and the arguments of `draw`."""
        own = (p for p in inspect.signature(cls.on_reset).parameters.values() if p.kind is p.KEYWORD_ONLY)
        return {p.name: p.default for p in (*own, *list(inspect.signature(cls.draw).parameters.values())[2:])}

    def draw(self, rng: random.Random) -> tuple[str, Any]:
        """Return a question and its answer, drawn with `rng` and no other chance."""
        raise NotImplementedError(f"{type(self).__name__} needs draw(self, rng, **options)")

    def grade(self, reply: str, answer: Any) -> Any:
        """Return the reward of a reply; by default 1.0 for the answer, numbers compared by exact value.

        Where a judge has to be asked who is not at hand, write it ``async def``.
        """
        found = extract(reply, self.answer_in)
        return Reward(correct=float(found is not None and matches(found, answer)))

    def solution(self, answer: Any) -> str:
        """Return the reply of a perfect agent; by default the answer in its form."""
        return FORMS[self.answer_in].write % (answer,)

    def feedback(self, reply: str, answer: Any) -> str:
        """Return what a wrong reply is told when there is another try."""
        return "That is not right. Try again."

    def on_reset(self, rng: random.Random, **options: Any) -> str:
        """Draw the question and ask it."""
        question, self.answer = self.draw(rng, **options)
        ask = FORMS[self.answer_in].ask
        return f"{question}\n{ask}" if ask else question

    def on_step(self, reply: Reply) -> Soon[Turn]:
        """Grade the reply; the last try, or a perfect one, ends the episode."""
        return then(self.grade(reply, self.answer), lambda reward: self._judged(reply, reward))

    def _judged(self, reply: Reply, reward: float) -> Turn:
        if reward >= self.max_return or self.turn + 1 == self.max_turns:
            return Turn("", reward, over=True)
        return Turn(self.feedback(reply, self.answer))

    def solve(self) -> str:
        """Return the reply of a perfect agent."""
        return self.solution(self.answer)
