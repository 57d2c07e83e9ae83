"""Best-first search: of all thoughts so far, wherever they are, the best is thought on from."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status


@strategy()
@dataclass(kw_only=True)
class BestFirst(TreeSearch):
    """Widens the node of the highest value, of equals the earlier.

    Attributes:
        n: thoughts from it, listed (``propose``) or drawn (``sample``). how: of the two. opinions: of each.
        visits: nodes widened, at the most. parallel: of them at one time. depth: of the tree.
        enough: it ends with an answer of this value; above 1 it never does.
    """

    n: int = 8
    how: Literal["propose", "sample"] = "propose"
    opinions: int = 1
    visits: int = 100
    parallel: int = 1
    depth: int = 16
    enough: float = 1.0

    def __post_init__(self) -> None:
        counts = {"n": self.n, "opinions": self.opinions, "visits": self.visits, "parallel": self.parallel}
        at_least(self.name, 1, **counts, depth=self.depth)

    def at_once(self) -> int:
        """Return how many nodes are widened at one time."""
        return self.parallel

    def lines(self) -> Iterator[Line[None]]:
        """Yield a line for each node that is widened."""
        self._open = [(0.0, 0)]
        left = self.visits
        while self._open and left and not self.refused and not self.found(self.enough):
            left -= 1
            yield self.widen(heapq.heappop(self._open)[1])

    def widen(self, node: int) -> Line[None]:
        """Think on from a node, and put what grew in its place."""
        tree = self.tree
        children = yield from self.think(self.how, node, self.n)
        tree.mark(node, Status.EXPANDED)
        alive = [child for child in children if tree.status[child] is not Status.DEAD]
        scores = yield from self.judge(alive, self.opinions)
        for child, score in zip(alive, scores, strict=True):
            if tree.status[child] is Status.OPEN and tree.depth[child] < self.depth:
                heapq.heappush(self._open, (-score, child))
