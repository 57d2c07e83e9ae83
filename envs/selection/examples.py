"""Which examples should a solver be shown, so that it answers a question it could not answer without them?

In-context example selection (Zhang, Feng and Tan, arXiv 2211.04486): the state is what has been shown so far, a move
shows one more example of a pool or asks for the answer, and each move is paid what it adds to the solver's correctness,
so that the return is the correctness at the end less that without any example.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.selection.rules import KINDS, Example, draw_examples, induce
from syllogym.errors import UserError, check_range

ANSWER = "answer"

Solver = Callable[[Sequence[str], str], str]
"""Takes the examples it is shown and a question, both as text, and answers."""


def gain(before: float, after: float, price: float) -> Reward:
    """Return what showing one example is paid: the correctness it adds (or spoils), less its price."""
    return Reward(correct=after - before, price=-price) if price else Reward(correct=after - before)


@register()
class ExampleSelection(TextEnv):
    """A question ``red 9 -> ?`` and a pool of examples such as ``red 4 -> 11``; each colour hides a rule y = ax + b.

    The built-in solver tries all such rules, and takes the smallest that explains most of what it is shown of the
    question's colour: an example of another colour is wasted, and a single one of the right colour leaves rules open.
    Another solver, a frozen language model say, is put into the attribute `solver`. Every prompt holds the whole state.

    Options:
        shown: examples that may be shown at most. pool: examples to choose from. kinds: colours among them.
        price: cost of each example that is shown.
        labelled: False hides the examples' answers until they are shown, as where labels must be bought.
    """

    max_turns = 20
    levels = {"kinds": (2, 3, 4), "pool": (8, 10, 12)}
    solver: Solver = staticmethod(induce)

    def on_reset(
        self,
        rng: random.Random,
        shown: int = 2,
        pool: int = 8,
        kinds: int = 3,
        price: float = 0.0,
        labelled: bool = True,
    ) -> str:
        check_range("kinds", kinds, 1, len(KINDS))
        check_range("pool", pool, 2 * kinds, 18 * kinds)
        check_range("shown", shown, 2, 8)
        if not 0 <= price <= 1:
            raise UserError(f"price is the cost of one example, from 0 to 1; not {price!r}.")
        self.left, self.price, self.labelled = shown, price, labelled
        self.asked, *self.pool = draw_examples(rng, pool + 1, kinds)
        rng.shuffle(self.pool)
        self.shown: list[Example] = []
        self.correct = self._correctness(self.shown)
        return self._state()

    def choices(self, agent: str) -> list[str]:
        return [*(self._line(example) for example in self.pool), ANSWER]

    def on_step(self, reply: Reply) -> Turn:
        said = reply.strip()
        if said == ANSWER:
            return Turn("", Reward(correct=0.0), over=True)
        example = next((example for example in self.pool if self._line(example) == said), None)
        if example is None:
            return Turn(self._state(), Reward(illegal=-0.1))
        self.pool.remove(example)
        self.shown.append(example)
        self.left -= 1
        before, self.correct = self.correct, self._correctness(self.shown)
        return Turn(self._state(), gain(before, self.correct, self.price), over=not self.left)

    def solve(self) -> str:
        """Return the first example of the smallest set that makes the solver right, if any is needed and does."""
        for count in range(self.left + 1):
            for more in combinations(self.pool, count):
                if self._correctness([*self.shown, *more]) == 1.0:
                    return self._line(more[0]) if more else ANSWER
        return ANSWER

    def _correctness(self, shown: Sequence[Example]) -> float:
        said = self.solver([str(example) for example in shown], self.asked.question)
        return float(said.strip() == str(self.asked.answer))

    def _line(self, example: Example) -> str:
        return str(example) if self.labelled else example.question

    def _state(self) -> str:
        shown = "; ".join(map(str, self.shown)) or "nothing yet"
        pool = "\n".join(map(self._line, self.pool))
        return f"Question: {self.asked.question}\nShown: {shown}\nShow one more of these, or say {ANSWER}:\n{pool}"
