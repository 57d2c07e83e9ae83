"""Monte Carlo tree self-refine (MCTSr, arXiv 2406.07394): nodes are whole answers, children are rewritten ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Manner
from syllogym.agents.search.tree_search import Line, TreeSearch, at_least


@strategy()
@dataclass(kw_only=True)
class Mctsr(TreeSearch):
    """Rewrites the answer of the highest Q + explore * sqrt(ln(N + 1) / (n + 0.00001)), N being its parent's visits.

    An answer is judged again whenever it is chosen. Its Q is the mean of its least and its mean reward, then, from the
    bottom up, the mean of that and its best child's. Answers with `branch` children, one of them better, are left.

    Attributes:
        rewrites: at the most. explore: weight of what is little known. branch: see above. enough: it ends with an
            answer judged so good. manner: of the first answer.
    """

    rewrites: int = 8
    explore: float = 1.4
    branch: int = 3
    enough: float = 1.0
    manner: Manner = "cot"

    def __post_init__(self) -> None:
        at_least(self.name, 1, rewrites=self.rewrites, branch=self.branch)
        at_least(self.name, 0, explore=self.explore)

    def search(self) -> Line[None]:
        """Answer, then rewrite."""
        self._rewards: dict[int, list[float]] = {}
        self._q: dict[int, float] = {}
        nodes = yield from self.think("solve", 0, 1, manner=self.manner)
        yield from self._reward(nodes)
        for _ in range(self.rewrites):
            if not self._q or self.refused or self.found(self.enough):
                return
            node = max(self._q, key=self._bound)
            yield from self._reward([node])
            grown = yield from self.think("refine", node, 1)
            yield from self._reward(grown)

    def _reward(self, nodes: list[int]) -> Line[None]:
        """Have an answer judged once more, and carry up what follows from it."""
        scores: Sequence[float] = []
        if nodes:
            scores = yield from self.judge(nodes, kind="judge")
        for node, score in zip(nodes, [] if self.refused else scores, strict=False):
            rewards = self._rewards.setdefault(node, [])
            rewards.append(score)
            self.tree.judge(node, sum(rewards) / len(rewards))
            self.tree.back_up(node, score)
            self._settle(node)

    def _settle(self, node: int) -> None:
        tree = self.tree
        rewards = self._rewards[node]
        self._q[node] = (min(rewards) + sum(rewards) / len(rewards)) / 2
        while node > 0:
            children = [self._q[child] for child in tree.children[node] if child in self._q]
            if children:
                self._q[node] = (self._q[node] + max(children)) / 2
            node = tree.parent[node]

    def _bound(self, node: int) -> float:
        tree = self.tree
        children = [tree.value[child] for child in tree.children[node] if child in self._q]
        if len(children) >= self.branch and max(children) > tree.value[node]:
            return -1.0
        visits = tree.visits[tree.parent[node]]
        return self._q[node] + self.explore * sqrt(log(visits + 1) / (tree.visits[node] + 1e-5))

    def best(self, k: int = 1) -> list[int]:
        """Return the answers by their mean reward."""
        return sorted(range(1, len(self.tree)), key=lambda node: -self.rank(node))[:k] or [0]
