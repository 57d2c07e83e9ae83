"""Tree of Thoughts, breadth first (arXiv 2305.10601): the `width` best thoughts of each level are thought on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.draws import without_replacement
from syllogym.agents.search.levels import Levels


@strategy()
@dataclass(kw_only=True)
class TotBfs(Levels):
    """Breadth-first search; as in the paper a thought is judged three times, and a state counts once in a level.

    Attributes:
        pick: ``greedy`` keeps the best, the earlier of equals; ``sample`` draws, in proportion to values.
    """

    opinions: int = 3
    pick: Literal["greedy", "sample"] = "greedy"

    def keep(self, fresh: Sequence[int]) -> Sequence[int]:
        """Choose the next frontier."""
        if self.pick == "greedy":
            return sorted(fresh, key=self.value, reverse=True)[: self.width]
        return without_replacement(fresh, [self.value(node) for node in fresh], self.width, self.dice)
