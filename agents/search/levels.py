"""How is a tree searched level by level? All of the frontier is widened, and the best of what grew is the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status

_DEAD = Status.DEAD  # looked up once: that takes longer than a comparison


@dataclass(kw_only=True)
class Levels(TreeSearch):
    """Keeps `width` thoughts of each level.

    Attributes:
        width: b, thoughts that are thought on from.
        n: k, thoughts from each of them: listed in one call (``propose``), or drawn one by one (``sample``).
        how: of the two. opinions: of each thought, their mean is its value. depth: levels at the most.
        once: of paths that lead to the same state, keep the first of a level alone.
        write: have the proposer write out the answer of each path that is kept at its end, as models must where a state
            does not say it; the written ones are judged, too.
    """

    width: int = 5
    n: int = 8
    how: Literal["propose", "sample"] = "propose"
    opinions: int = 1
    depth: int = 16
    once: bool = True
    write: bool = False

    def __post_init__(self) -> None:
        at_least(self.name, 1, width=self.width, n=self.n, opinions=self.opinions, depth=self.depth)

    def search(self) -> Line[None]:
        """Go down level by level, until nothing is left to think on from."""
        frontier, ends = [0], []
        for _ in range(self.depth):
            fresh = yield from self._widen(frontier)
            kept = self.keep(fresh)
            frontier = [node for node in kept if self.tree.status[node] is Status.OPEN]
            ends += [node for node in kept if self.tree.status[node] is Status.TERMINAL]
            if not frontier:
                break
        if self.write:
            yield from self._write(ends)

    def keep(self, fresh: Sequence[int]) -> Sequence[int]:
        """Choose at most `width` of a level's thoughts."""
        raise NotImplementedError

    def _widen(self, frontier: Sequence[int]) -> Line[list[int]]:
        """Think from every node of the frontier; return what grew and is alive, each state once, judged."""
        tree, seen, groups = self.tree, set(), []
        status, state, once = tree.status, tree.state, self.once
        grown: list[list[int] | None] = yield [self.request(self.how, (node,), self.n) for node in frontier]
        for parent, children in zip(frontier, grown, strict=True):
            tree.mark(parent, Status.EXPANDED)
            group = []
            for node in children or ():
                if status[node] is not _DEAD and not (once and state[node] in seen):
                    seen.add(state[node])
                    group.append(node)
            if group:
                groups.append(group)
        scores = yield [self.request("value", tuple(group), self.opinions) for group in groups]
        for group, told in zip(groups, scores, strict=True):
            self.judged(group, told)
        return [node for group in groups for node in group]

    def _write(self, ends: Sequence[int]) -> Line[None]:
        grown: list[list[int] | None] = yield [self.request("solve", (node,), manner="write") for node in ends]
        written = [node for nodes in grown for node in nodes or ()]
        scores = yield [self.request("value", (node,), self.opinions) for node in written]
        for node, told in zip(written, scores, strict=True):
            self.judged([node], told)

    def value(self, node: int) -> float:
        """Return what a node is worth, 0 where the budget did not suffice to judge it."""
        value = self.tree.value[node]
        return value if value == value else 0.0
