"""How good is a strategy when those it asks know the task, but err? They look at the task's own solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.whole import answer_of
from syllogym.envs.chance import Dice, mix
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError


def dice_of(seed: int) -> Dice:
    """Return the chance of a case."""
    dice = Dice()
    dice.restart(mix(seed), 0)
    return dice


@dataclass(kw_only=True)
class OracleProposer:
    """Proposes legal thoughts, in random order; needs a task that lists its moves.

    Attributes:
        error: chance that a request is answered without any thought that leads on to the best that can be reached.
        cost: of every request.
    """

    together: ClassVar[bool] = True

    error: float = 0.0
    cost: Usage = NOTHING

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return self.cost

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Answer requests."""
        return [Result(self._texts(case), usage=self.cost) for case in cases]

    def _texts(self, case: Case) -> list[str]:
        request, task, dice = case.request, case.task, dice_of(case.seed)
        state = case.tree.state[request.nodes[0]]
        if request.kind in ("solve", "refine"):
            start = task.root() if request.kind == "refine" else state
            return [self._solved(task, start, dice) for _ in range(request.n)]
        if request.kind == "sample":
            return [text for _ in range(request.n) for text in self._moves(task, state, dice)[:1]]
        return self._moves(task, state, dice)[: request.n]

    def _moves(self, task: Any, state: Any, dice: Dice) -> list[str]:
        """Shuffle the moves; put a good one first, or leave all good ones out."""
        moves = task.moves(state)
        if moves is None:
            raise UserError("The oracle proposes from the task's list of moves, and this task has none.")
        moves = list(moves)
        dice.shuffle(moves)
        hope = [task.promise(task.step(state, move)) or 0.0 for move in moves]
        best = max(hope, default=0.0)
        if best <= 0.0:
            return moves
        if dice.random() < self.error:
            return [move for move, chance in zip(moves, hope, strict=True) if chance < best]
        first = hope.index(best)
        return [moves[first], *moves[:first], *moves[first + 1 :]]

    def _solved(self, task: Any, state: Any, dice: Dice) -> str:
        """Think to the end; return the answer found there."""
        while not task.ended(state):
            moves = self._moves(task, state, dice)
            if not moves:
                break
            state = task.step(state, moves[0])
        return f"Answer: {task.answer(state) or 'unknown'}"


@dataclass(kw_only=True)
class OracleEvaluator:
    """Says what can still be reached from a state, and grades answers.

    Attributes:
        error: chance that a judgement is turned around, v into 1 - v. noise: standard deviation of what is added to
            it. cost: of every request.
    """

    together: ClassVar[bool] = True

    error: float = 0.0
    noise: float = 0.0
    cost: Usage = NOTHING

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return self.cost

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Answer requests."""
        return [Result((), self._scores(case), self.cost) for case in cases]

    def _scores(self, case: Case) -> list[float]:
        dice = dice_of(case.seed) if self.error or self.noise else None
        right = [promise_of(case, node) for node in case.request.nodes]
        if dice is None:
            return right
        return [sum(self._seen(value, dice) for _ in range(case.request.n)) / case.request.n for value in right]

    def _seen(self, value: float, dice: Dice) -> float:
        if dice.random() < self.error:
            value = 1.0 - value
        return min(1.0, max(0.0, value + self.noise * dice.gauss(0.0, 1.0))) if self.noise else value


def promise_of(case: Case, node: int) -> float:
    """Return the score of a node's answer, or the best one that can be reached from it; `UserError` if unknown."""
    answer = answer_of(case.task, case.tree, node)
    if answer is not None:
        return float(case.task.score(answer))
    promise = case.task.promise(case.tree.state[node])
    if promise is None:
        raise UserError("The oracle asks the task what can be reached from a state, and this task does not know.")
    return float(promise)
