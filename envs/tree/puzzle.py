"""How is a puzzle both a question with one reply and a space that is searched? Its answer knows the whole puzzle."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from syllogym.envs.answers import FORMS, extract
from syllogym.envs.question import Question
from syllogym.envs.tree.search_task import SearchTask, State
from syllogym.envs.values import Reward


class Solvable(SearchTask[State], Protocol[State]):
    """A search task that can solve itself."""

    def solve(self) -> str:
        """Return an answer of score 1."""


class Puzzle(Question):
    """A question that is answered in a single reply, and whose instance `search_task` hands out to those who search.

    Write `draw`, which returns the prompt of a `Solvable` and the task itself.
    """

    answer_in = "tag"

    def grade(self, reply: str, answer: Any) -> Any:
        """Pay what the task's `score` says of the answer."""
        found = extract(reply, self.answer_in)
        return Reward(correct=0.0 if found is None else answer.score(found))

    def solution(self, answer: Any) -> str:
        """Write the answer that the task finds."""
        return FORMS[self.answer_in].write % (answer.solve(),)

    def feedback(self, reply: str, answer: Any) -> str:
        return "That is not right, or not all of it. Try again."

    def search_task(self) -> SearchTask[Any]:
        """Return the instance as a space of states; there is one after a reset."""
        task: SearchTask[Any] = self.answer
        return task


T = TypeVar("T")


def share(found: frozenset[T], wanted: frozenset[T], graded: bool) -> float:
    """Grade a set of solutions: 1.0 for the whole set and nothing else, as ToTRL does (arXiv 2505.12717).

    Args:
        found, wanted: what was answered, and every right answer.
        graded: pay sets that are partly right by F1, the harmonic mean of precision and recall.
    """
    if not graded:
        return float(found == wanted)
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found and wanted else 0.0
