"""How does a strategy ask for whole answers, and which do most of them give?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.agents.search.whole import answer_of
from syllogym.envs.answers import as_number
from syllogym.envs.tree.thought_tree import ThoughtTree

Manner = Literal["io", "cot"]


@dataclass(kw_only=True)
class Answers(TreeSearch):
    """Asks `n` times for a whole answer.

    Attributes:
        n: answers, each asked for apart, so that as many are got as the budget allows; `together` of them at one time.
        manner: ``io`` asks for the answer alone, ``cot`` for the reasoning, too.
    """

    n: int = 1
    together: int = 8
    manner: Manner = "cot"

    def __post_init__(self) -> None:
        at_least(self.name, 1, n=self.n, together=self.together)

    def search(self) -> Line[None]:
        """Ask for some answers and look at them, then for the next, as far as the budget goes."""
        left = self.n
        while left and not self.refused:
            count = min(left, self.together)
            left -= count
            grown: list[list[int] | None] = yield [
                self.request("solve", (0,), manner=self.manner) for _ in range(count)
            ]
            yield from self.look([node for nodes in grown for node in nodes or ()])

    def look(self, nodes: Sequence[int]) -> Line[None]:
        """Do what is to be done about fresh answers: nothing."""
        yield from ()

    def begin(self, tree: ThoughtTree, task: Any, seed: int) -> None:
        """Begin a search."""
        self._meanings: dict[int, Hashable] = {}
        super().begin(tree, task, seed)

    def meaning(self, node: int) -> Hashable:
        """Return what two nodes have in common that give the same answer; None for no answer."""
        if node not in self._meanings:
            self._meanings[node] = self._read(node)
        return self._meanings[node]

    def _read(self, node: int) -> Hashable:
        answer = answer_of(self.task, self.tree, node)
        if not answer:
            return None
        number = as_number(answer)
        return " ".join(answer.casefold().split()) if number is None else number

    def most_frequent(self, nodes: Sequence[int]) -> list[int]:
        """Order nodes by how many of them give their answer, the first of each answer before its repetitions."""
        votes = [self.meaning(node) for node in nodes]
        count = Counter(vote for vote in votes if vote is not None)
        first = {vote: at for at, vote in reversed(list(enumerate(votes)))}
        keys = [(first[vote] != at, -count[vote] if vote is not None else 1) for at, vote in enumerate(votes)]
        return [nodes[at] for at in sorted(range(len(nodes)), key=lambda at: (*keys[at], at))]
