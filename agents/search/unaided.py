"""How far does a search come where nobody thinks? By the moves that the task lists, and what states let one guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.whole import answer_of
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError


@dataclass(kw_only=True)
class Moves:
    """Proposes the first legal thoughts, in the task's order."""

    together: ClassVar[bool] = True

    def most(self, case: Case) -> Usage:
        """Return what a request uses: nothing."""
        return NOTHING

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """List moves."""
        return [Result(self._moves(case)) for case in cases]

    def _moves(self, case: Case) -> list[str]:
        moves: Sequence[str] | None = case.task.moves(case.tree.state[case.request.nodes[0]])
        if moves is None:
            raise UserError("This task does not list its moves: let a model propose thoughts.")
        return list(moves)[: case.request.n]


@dataclass(kw_only=True)
class Hunches:
    """Judges a thought by what its state lets one guess (`SearchTask`), and an answer by its score."""

    together: ClassVar[bool] = True

    def most(self, case: Case) -> Usage:
        """Return what a request uses: nothing."""
        return NOTHING

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Judge."""
        return [Result((), [self._worth(case, node) for node in case.request.nodes]) for case in cases]

    def _worth(self, case: Case, node: int) -> float:
        answer = answer_of(case.task, case.tree, node)
        if answer is not None:
            return float(case.task.score(answer))
        hunch: Any = getattr(case.task, "hunch", None)
        if hunch is None:
            raise UserError("The states of this task say nothing of what they are worth: let a model judge them.")
        return float(hunch(case.tree.state[node]))
