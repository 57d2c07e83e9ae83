"""What did they say then? A pool that answers from a table: the recorded replies, exactly, at the recorded cost."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError


class TablePool:
    """The models of a table; an `ExpertPool`. Nothing is left to chance, so seeds change nothing."""

    def __init__(self, table: RoutingTable) -> None:
        self.table = table

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The models."""
        return self.table.cards

    def question(self, row: int) -> Question:
        """Return the question of a row."""
        return Question(self.table.questions[row], self.table.families[row], row)

    def ask(self, model: str, question: Question, *, max_tokens: int | None = None, seed: int = 0) -> ExpertReply:
        """Return what a model replied. Raises UserError for a model or a question that the table does not have.

        Replies were recorded whole and are paid whole: `max_tokens` does not cut them.
        """
        table, row, column = self.table, self._row(question), self.table.column(model)
        counted, seconds = table.completion, table.seconds
        completion = 0 if counted is None else round(float(counted[row, column]))
        took = table.cards[column].seconds(completion) if seconds is None else float(seconds[row, column])
        usage = Usage(completion=completion, calls=1, money=float(table.cost[row, column]), seconds=took)
        text = "" if table.replies is None else str(table.replies[row, column])
        return ExpertReply(text, float(table.quality[row, column]), usage)

    def ask_all(self, rows: NDArray[Any], columns: NDArray[Any]) -> tuple[Array, Array]:
        """Return quality and dollars of many calls at once: one question (a row) and one model (a column) each."""
        at = rows * len(self.table.cards) + columns
        return self._quality.take(at), self._cost.take(at)

    @cached_property
    def _quality(self) -> Array:
        return self.table.quality.ravel()

    @cached_property
    def _cost(self) -> Array:
        return self.table.cost.ravel()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {question: row for row, question in enumerate(self.table.questions)}

    def _row(self, question: Question) -> int:
        row, questions = question.row, self.table.questions
        if 0 <= row < len(questions) and questions[row] == question.text:
            return row
        if question.text not in self._rows:
            raise UserError(f"{self.table.name} does not have the question {question.text[:80]!r}.")
        return self._rows[question.text]
