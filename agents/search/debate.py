"""Debate (arXiv 2305.14325): several models answer, read what the others answered, and answer again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers
from syllogym.agents.search.tree_search import Line, at_least
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.errors import UserError


@strategy()
@dataclass(kw_only=True)
class Debate(Answers):
    """What most of them answer in the last round is the best, of equally frequent answers the first.

    Attributes:
        n: debaters. rounds: of answers. agents: the models that debate in turn; by default the only one.
    """

    n: int = 3
    rounds: int = 3
    agents: Sequence[str] = ("",)

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least(self.name, 1, rounds=self.rounds)
        if not self.agents:
            raise UserError("debate.agents names at least one model.")

    def begin(self, tree: ThoughtTree, task: Any, seed: int) -> None:
        """Begin a search."""
        self._last: list[int] = []
        super().begin(tree, task, seed)

    def search(self) -> Line[None]:
        """Let all answer, then let all rewrite their answers, having seen the others'."""
        names = [self.agents[at % len(self.agents)] for at in range(self.n)]
        grown: list[list[int] | None] = yield [
            self.request("solve", (0,), agent=name, manner=self.manner) for name in names
        ]
        for left in reversed(range(self.rounds)):
            said = [(name, node) for name, nodes in zip(names, grown, strict=True) for node in nodes or ()]
            if not said:
                return
            self._last = [node for _, node in said]
            if left:
                names = [name for name, _ in said]
                grown = yield [
                    self.request("refine", (node, *(other for other in self._last if other != node)), agent=name)
                    for name, node in said
                ]

    def best(self, k: int = 1) -> list[int]:
        """Return the answers of the last round that is complete, by their frequency, then the earlier ones."""
        last = set(self._last)
        before = [node for node in range(1, len(self.tree)) if node not in last]
        return [*self.most_frequent(self._last), *reversed(before)][:k] or [0]
