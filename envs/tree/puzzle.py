"""How is a puzzle both a question with one reply and a space that is searched? Its answer knows the whole puzzle."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Any, Protocol

from syllogym.envs.answers import FORMS
from syllogym.envs.question import Question
from syllogym.envs.tree.search_task import SearchTask, State
from syllogym.envs.values import Reward

LONGEST = 8_192
"""Characters an answer may have."""

_TOT = (
    "Think in a tree: between <tot> and </tot> write down the thoughts that are possible, follow the best, give up "
    "those that lead nowhere, and go back to others, until you know every solution. Answer behind it."
)
_FORM = re.compile(r"<tot>.*\S.*</tot>.*<answer>.+</answer>", re.DOTALL)


class Solvable(SearchTask[State], Protocol[State]):
    """A search task that can solve itself."""

    def solve(self) -> str:
        """Return an answer of score 1."""


class Puzzle(Question):
    """A question that is answered in a single reply, and whose instance `search_task` hands out to those who search.

    Write `draw`, which returns the prompt of a `Solvable` and the task itself. Every puzzle has the option `tot`: the
    reply is to hold a tree of thoughts between ``<tot>`` and ``</tot>``, and costs 1 without it or without an answer
    behind it, as in ToTRL (arXiv 2505.12717).
    """

    answer_in = "tag"
    tot = False

    @classmethod
    def option_defaults(cls) -> dict[str, Any]:
        """Return the options of `draw`, and `tot`."""
        return {**super().option_defaults(), "tot": False}

    def on_reset(self, rng: random.Random, tot: bool = False, **options: Any) -> str:
        """Draw the puzzle and ask it."""
        self.tot = tot
        asked = super().on_reset(rng, **options)
        return f"{asked}\n{_TOT}" if tot else asked

    def grade(self, reply: str, answer: Any) -> Any:
        """Pay what the task's `score` says of the answer."""
        found = answer_of(reply)
        correct = 0.0 if found is None else answer.score(found)
        if self.tot and not _FORM.search(reply):
            return Reward(correct=0.0, form=-1.0)
        return Reward(correct=correct)

    def solution(self, answer: Any) -> str:
        """Write the answer that the task finds."""
        told = FORMS[self.answer_in].write % (answer.solve(),)
        return f"<tot>The answer is known.</tot>\n{told}" if self.tot else told

    def feedback(self, reply: str, answer: Any) -> str:
        return "That is not right, or not all of it. Try again."

    def search_task(self) -> SearchTask[Any]:
        """Return the instance as a space of states; there is one after a reset."""
        task: SearchTask[Any] = self.answer
        return task


def answer_of(reply: str) -> str | None:
    """Return the last ``<answer>...</answer>`` of a reply; None without one, or where it has over `LONGEST` characters.

    Plans, grids and paragraphs are longer than the answers that `syllogym.envs.answers` reads.
    """
    _, mark, rest = reply.rpartition("<answer>")
    answer, closed, _ = rest.partition("</answer>")
    return answer.strip() if mark and closed and 0 < len(answer) <= LONGEST else None


class SolutionSet:
    """A puzzle that asks for every solution, one a line; the part of a search task that is the same for all of these.

    Args:
        wanted: every solution, as `read` writes it. graded: whether a set that is partly right is paid in part.
    """

    def __init__(self, wanted: frozenset[str], graded: bool = False) -> None:
        self.wanted, self.graded = wanted, graded

    def read(self, answer: str) -> Iterable[str]:
        """Return the solutions that an answer gives, each written in the one way in which it is compared."""
        raise NotImplementedError

    def score(self, answer: str) -> float:
        """Pay 1.0 for the whole set and nothing else, as ToTRL does (arXiv 2505.12717).

        Where it is graded, sets that are partly right are paid by F1, the harmonic mean of precision and recall.
        """
        found = frozenset(self.read(answer))
        if not self.graded:
            return float(found == self.wanted)
        return 2 * len(found & self.wanted) / (len(found) + len(self.wanted))

    def solutions(self) -> frozenset[str]:
        return self.wanted

    def solve(self) -> str:
        return "\n".join(sorted(self.wanted))

    def asked(self, one: str) -> str:
        """Say how many solutions there are; `one` asks for the only one."""
        return f"It has {len(self.wanted)} solutions: give all of them, one a line." if len(self.wanted) > 1 else one
