"""Can the agent write a text of four paragraphs that end in four given sentences?

The form is checked by rule. Whether the text hangs together is for a judge to say: any function from the task and the
text to a score in [0, 1], such as one that asks a model. It is put into the attribute `judge` of the environment.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle, answer_of
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.values import Reward
from syllogym.envs.waiting import Soon, finish, then

Judge: TypeAlias = Callable[[str, str], Soon[float]]

_COUNT = 4
_WHO = ("The gardener", "My neighbour", "An old sailor", "The youngest child", "A tired clerk", "The pianist")
_DID = ("forgot", "painted", "hid", "sold", "carried home", "dreamt of", "repaired", "counted")
_WHAT = ("the last lantern", "a blue door", "seven letters", "the broken clock", "an empty boat", "two silver keys")
_WHEN = (
    "before the rain came",
    "and nobody asked why",
    "as if it were summer",
    "on the longest night",
    "without a word",
)


class Writing:
    """A text as a space of states: tuples of the paragraphs so far. A thought is the next one, which ends as it must.

    Args:
        endings: the sentences, in order. judge: says how good a whole text is; without one its form alone counts.
    """

    def __init__(self, endings: tuple[str, ...], judge: Judge | None = None) -> None:
        self.endings, self.judge = endings, judge
        listed = "\n".join(f"{place}. {sentence}" for place, sentence in enumerate(endings, start=1))
        self.prompt = (
            f"Write a coherent passage of {len(endings)} short paragraphs. Each paragraph must end with its sentence:\n"
            f"{listed}\nLeave an empty line between paragraphs."
        )

    def root(self) -> tuple[str, ...]:
        return ()

    def step(self, state: tuple[str, ...], thought: str) -> tuple[str, ...]:
        paragraph = " ".join(thought.split())
        ending = self.endings[len(state)]
        if not paragraph.endswith(ending):
            raise IllegalThought(f"Paragraph {len(state) + 1} must end with: {ending}")
        return (*state, paragraph)

    def show(self, state: tuple[str, ...]) -> str:
        return "\n\n".join(state) or "Nothing is written."

    def ended(self, state: tuple[str, ...]) -> bool:
        return len(state) == len(self.endings)

    def answer(self, state: tuple[str, ...]) -> str | None:
        return "\n\n".join(state) if self.ended(state) else None

    def judged(self, answer: str) -> Soon[float]:
        """Return the score of a text: 0 for one of the wrong form, else what the judge says."""
        paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", answer.strip())]
        fits = len(paragraphs) == len(self.endings) and all(map(str.endswith, paragraphs, self.endings))
        if not fits or self.judge is None:
            return float(fits)
        return then(self.judge(self.prompt, answer), lambda score: min(max(float(score), 0.0), 1.0))

    def score(self, answer: str) -> float:
        return finish(self.judged(answer))

    def moves(self, state: tuple[str, ...]) -> None:
        return None

    def promise(self, state: tuple[str, ...]) -> None:
        return None

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        """Return a text of the right form, and no more than that."""
        return "\n\n".join(self.endings)


@register()
class CreativeWriting(Puzzle):
    """Write four paragraphs that end in given sentences; the form is checked, and a `judge` grades the text."""

    judge: Judge | None = None

    def draw(self, rng: random.Random) -> tuple[str, Writing]:
        columns = [rng.sample(words, _COUNT) for words in (_WHO, _DID, _WHAT, _WHEN)]
        task = Writing(tuple(f"{' '.join(parts)}." for parts in zip(*columns, strict=True)), self.judge)
        return task.prompt, task

    def grade(self, reply: str, answer: Writing) -> Any:
        found = answer_of(reply)
        score: Soon[float] = 0.0 if found is None else answer.judged(found)
        return then(score, lambda value: Reward(correct=value))
