"""Reflexion (arXiv 2303.11366): answer, hear how good it is, reflect on what went wrong, and try again."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Manner
from syllogym.agents.search.tree_search import Line, TreeSearch, at_least


@strategy()
@dataclass(kw_only=True)
class Reflexion(TreeSearch):
    """Rewrites its answer until it is good enough; every try sees the ones before it, as they are on its path.

    Attributes:
        tries: answers at the most. enough: value of an answer with which it ends. opinions: of each answer.
        manner: of the first.
    """

    tries: int = 4
    enough: float = 1.0
    opinions: int = 1
    manner: Manner = "cot"

    def __post_init__(self) -> None:
        at_least(self.name, 1, tries=self.tries, opinions=self.opinions)

    def search(self) -> Line[None]:
        """Try, judge, try again."""
        nodes = yield from self.think("solve", 0, 1, manner=self.manner)
        for left in reversed(range(self.tries)):
            yield from self.judge(nodes, self.opinions, "judge")
            if not nodes or not left or self.refused or self.found(self.enough):
                return
            nodes = yield from self.think("refine", nodes[0], 1)
