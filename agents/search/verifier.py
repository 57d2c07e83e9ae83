"""Is an answer right? The task itself grades it; of a thought that is no answer yet it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.whole import answer_of
from syllogym.envs.tree.usage import NOTHING, Usage


@dataclass(kw_only=True)
class Verifier:
    """Grades answers by the task's own score, which costs nothing. It knows the truth, so it is no method but a bound,
    except where a task can be checked by anybody.

    Attributes:
        unknown: what it says of everything else.
    """

    together: ClassVar[bool] = True

    unknown: float = 0.5

    def most(self, case: Case) -> Usage:
        """Return what a request uses: nothing."""
        return NOTHING

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Grade."""
        return [Result((), [self._grade(case, node) for node in case.request.nodes]) for case in cases]

    def _grade(self, case: Case, node: int) -> float:
        answer = answer_of(case.task, case.tree, node)
        return self.unknown if answer is None else float(case.task.score(answer))
