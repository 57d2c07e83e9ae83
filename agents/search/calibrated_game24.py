"""How does search fare with a GPT-4 that nobody need ask? Rates measured on its log of the Game of 24 play its part.

They were estimated from the runs that tree-of-thought-llm published (100 puzzles, tree of thoughts with five thoughts
kept): how many thoughts a proposal lists, how often a solvable state gets a solvable one among them, how often a bad
one is legal, and how often states are called sure or impossible, by whether they can be solved. One rate is assumed:
that 0.96 of the puzzles have their answer written out without a slip. Whole answers at once are right with a chance of
the puzzle's own, drawn from the Beta distribution that fits pass@1, 5, 10 and 100 of the published samples best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from syllogym.agents.search.oracle import dice_of
from syllogym.agents.search.request import GROWS, Case, Request, Result
from syllogym.agents.search.whole import answer_of
from syllogym.envs.chance import Dice, key_of
from syllogym.envs.tree.usage import NOTHING, Usage

_LISTED = (9, 6, 4)
_RECALL = (0.96, 0.8503, 0.9306)
_LEGAL = (0.9514, 0.9245, 0.7752)
"""By the depth of the state that is thought on from: two, one or no steps before the last one."""
_SURE = ((0.504, 0.004), (0.989, 0.0), (1.0, 0.0))
_IMPOSSIBLE = ((0.071, 0.132), (0.011, 0.579), (0.0, 0.942))
"""By the steps that led to the judged state; of those that can be solved, and of those that cannot."""
_WRITTEN = 0.96
_AT_ONCE = {"io": (0.08, 1.2), "cot": (0.22, 5.3)}
"""The Beta distribution of a puzzle's chance, by whether the answer is reasoned about."""
_MISTAKE = {"io": 0.55, "cot": 0.19}
"""Share of the wrong answers to a puzzle that are the same one."""
_TOKENS = {"propose": (150, 90), "value": (160, 60), "io": (190, 18), "cot": (297, 46), "write": (150, 40)}
"""Prompt and completion tokens of a request, or of each node that is judged: those of IO and CoT are published, others
are a rough split of what a tree of thoughts used in all (13,879 and 5,479 for a puzzle)."""


@dataclass(kw_only=True)
class CalibratedGame24:
    """Proposer and evaluator in one, for tasks of four numbers (and one target) that list their moves and know what can
    be solved. Either all answers that a search has written out are free of slips, or none is.

    Attributes:
        cost: of every request; None for about what GPT-4 used, at its price of then.
    """

    together: ClassVar[bool] = True

    cost: Usage | None = NOTHING

    def __post_init__(self) -> None:
        self._leads: dict[Any, tuple[list[str], list[str]]] = {}

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return _used(case.request) if self.cost is None else self.cost

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Answer requests."""
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        request, dice, cost = case.request, dice_of(case.seed), self.most(case)
        if request.kind not in GROWS:
            return Result((), [self._value(case, node, dice) for node in request.nodes], cost)
        node = request.nodes[0]
        if request.kind == "refine" or (request.kind == "solve" and node == 0):
            return Result([_at_once(case, dice) for _ in range(request.n)], usage=cost)
        if request.kind == "solve":
            return Result([self._written(case, node)], usage=cost)
        return Result(self._proposed(case.task, case.tree.state[node], case.tree.depth[node], dice), usage=cost)

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
        steps = min(tree.depth[node], 3) - 1 if answer is None else 2
        if dice.random() < _SURE[steps][not solvable]:
            return 1.0 if steps else 2 / 3
        return 0.00005 if dice.random() < _IMPOSSIBLE[steps][not solvable] else 0.05

    def _written(self, case: Case, node: int) -> str:
        dice = dice_of(case.seed - (case.request.id << 32))  # the same for all answers of a search
        answer = answer_of(case.task, case.tree, node)
        return f"Answer: {answer if dice.random() < _WRITTEN else 'unknown'}"


def _at_once(case: Case, dice: Dice) -> str:
    """Answer from nothing, as often right as suits the puzzle."""
    manner, task = case.request.manner if case.request.manner in _AT_ONCE else "cot", case.task
    chance = dice_of(key_of(f"{manner} {task.prompt}")).betavariate(*_AT_ONCE[manner])
    if dice.random() < chance:
        return f"Answer: {task.solve()}"
    if dice.random() < _MISTAKE[manner]:
        return "Answer: unknown"
    state = task.root()
    while not task.ended(state):
        state = task.step(state, dice.choice(task.moves(state)))
    answer = task.answer(state)
    return f"Answer: {answer if answer and not task.score(answer) else 'unknown'}"


@cache
def _cost(kind: str, count: int) -> Usage:
    prompt, completion = (count * tokens for tokens in _TOKENS[kind])
    return Usage(prompt, 0, completion, count, money=(30 * prompt + 60 * completion) / 1e6)


def _used(request: Request) -> Usage:
    if request.kind in ("propose", "sample"):
        return _cost("propose", 1 if request.kind == "propose" else request.n)
    if request.kind in GROWS:
        return _cost(request.manner if request.manner in _TOKENS else "cot", request.n)
    return _cost("value", len(request.nodes))
