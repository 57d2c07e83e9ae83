"""Tree of Thoughts, depth first (arXiv 2305.10601): the best thought first, back where it leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status


@strategy()
@dataclass(kw_only=True)
class TotDfs(TreeSearch):
    """Depth-first search with pruning and backtracking.

    Attributes:
        n: thoughts proposed from a node, listed (``propose``) or drawn (``sample``). how: of the two.
        opinions: of each thought. branch: how many of them are followed at most. prune: thoughts of a value up to this
            are given up at once; the paper's "impossible". visits: nodes thought on from, in all. depth: of the tree.
        enough: it ends with an answer of this value; above 1 it never does.
    """

    n: int = 8
    how: Literal["propose", "sample"] = "propose"
    opinions: int = 1
    branch: int = 3
    prune: float = 0.001
    visits: int = 100
    depth: int = 16
    enough: float = 1.0

    def __post_init__(self) -> None:
        counts = {"n": self.n, "opinions": self.opinions, "branch": self.branch, "visits": self.visits}
        at_least(self.name, 1, **counts, depth=self.depth)

    def search(self) -> Line[None]:
        """Follow the best thought first."""
        tree, left, stack = self.tree, self.visits, [0]
        while stack and left and not self.refused and not self.found(self.enough):
            left -= 1
            node = stack.pop()
            children = yield from self.think(self.how, node, self.n)
            tree.mark(node, Status.EXPANDED)
            alive = [child for child in children if tree.status[child] is not Status.DEAD]
            yield from self.judge(alive, self.opinions)
            worth = [child for child in alive if tree.value[child] > self.prune]
            for child in alive:
                if tree.value[child] <= self.prune and tree.status[child] is Status.OPEN:
                    tree.mark(child, Status.PRUNED)
            worth.sort(key=tree.value.__getitem__, reverse=True)
            following = [child for child in worth[: self.branch] if tree.status[child] is Status.OPEN]
            stack += [child for child in reversed(following) if tree.depth[child] < self.depth]
