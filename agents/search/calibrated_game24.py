"""How does search fare with a GPT-4 that nobody need ask? Rates measured on its log of the Game of 24 play its part.

They were estimated from the runs that tree-of-thought-llm published (100 puzzles, tree of thoughts with five thoughts
kept): how many thoughts a proposal lists, how often a solvable state gets a solvable one among them, how often a bad
one is legal, and how often states are called sure or impossible, by whether they can be solved. One rate is assumed:
that 0.96 of the puzzles have their answer written out without a slip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from syllogym.agents.search.oracle import dice_of
from syllogym.agents.search.request import GROWS, Case, Result
from syllogym.agents.search.whole import answer_of
from syllogym.envs.chance import Dice
from syllogym.envs.tree.usage import NOTHING, Usage

_LISTED = (9, 6, 4)
_RECALL = (0.96, 0.8503, 0.9306)
_LEGAL = (0.9514, 0.9245, 0.7752)
"""By the depth of the state that is thought on from: two, one or no steps before the last one."""
_SURE = ((0.504, 0.004), (0.989, 0.0), (1.0, 0.0))
_IMPOSSIBLE = ((0.071, 0.132), (0.011, 0.579), (0.0, 0.942))
"""By the steps that led to the judged state; of those that can be solved, and of those that cannot."""
_WRITTEN = 0.96


@dataclass(kw_only=True)
class CalibratedGame24:
    """Proposer and evaluator in one, for tasks of four numbers (and one target) that list their moves and know what can
    be solved. Either all answers that a search has written out are free of slips, or none is.

    Attributes:
        cost: of every request.
    """

    together: ClassVar[bool] = True

    cost: Usage = NOTHING

    def __post_init__(self) -> None:
        self._leads: dict[Any, tuple[list[str], list[str]]] = {}

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return self.cost

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Answer requests."""
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        request, dice = case.request, dice_of(case.seed)
        if request.kind not in GROWS:
            return Result((), [self._value(case, node, dice) for node in request.nodes], self.cost)
        node = request.nodes[0]
        if request.kind == "solve":
            return Result([self._written(case, node)], usage=self.cost)
        return Result(self._proposed(case.task, case.tree.state[node], case.tree.depth[node], dice), usage=self.cost)

    def _proposed(self, task: Any, state: Any, depth: int, dice: Dice) -> list[str]:
        if state not in self._leads:
            leads = {task.step(state, move): move for move in reversed(task.moves(state))}
            hope = {move: task.promise(after) > 0 for after, move in leads.items()}
            self._leads[state] = [move for move in hope if hope[move]], [move for move in hope if not hope[move]]
        good, bad = map(list, self._leads[state])
        dice.shuffle(good)
        dice.shuffle(bad)
        listed, found = _LISTED[depth], []
        if good and dice.random() < _RECALL[depth]:
            found = good[: max(1, round(listed * len(good) / (len(good) + len(bad))))]
        rest = [move for move in bad[: max(0, listed - len(found))] if dice.random() < _LEGAL[depth]]
        both = [*found, *rest]
        dice.shuffle(both)
        return both

    def _value(self, case: Case, node: int, dice: Dice) -> float:
        tree, task = case.tree, case.task
        answer = answer_of(task, tree, node)
        solvable = task.promise(tree.state[node]) > 0 if answer is None else task.score(answer) > 0
        steps = min(tree.depth[node], 3) - 1
        if dice.random() < _SURE[steps][not solvable]:
            return 1.0 if steps else 2 / 3
        return 0.00005 if dice.random() < _IMPOSSIBLE[steps][not solvable] else 0.05

    def _written(self, case: Case, node: int) -> str:
        dice = dice_of(case.seed - (case.request.id << 32))  # the same for all answers of a search
        answer = answer_of(case.task, case.tree, node)
        return f"Answer: {answer if dice.random() < _WRITTEN else 'unknown'}"
