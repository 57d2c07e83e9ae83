"""Best of N: of several answers, the one that the evaluator finds best; a judge, a reward model, or a verifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers
from syllogym.agents.search.tree_search import Line, at_least


@strategy()
@dataclass(kw_only=True)
class BestOfN(Answers):
    """Asks `n` times, and has the answers judged.

    Attributes:
        by: ``judge`` has each graded; ``vote`` has all compared, `opinions` times.
    """

    n: int = 8
    by: Literal["judge", "vote"] = "judge"
    opinions: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        at_least(self.name, 1, opinions=self.opinions)

    def search(self) -> Line[None]:
        """Ask and judge."""
        yield from super().search()
        if self.by == "vote":
            yield from self.judge(range(1, len(self.tree)), self.opinions, "vote")

    def look(self, nodes: Sequence[int]) -> Line[None]:
        """Have fresh answers graded before more are asked for, so that a budget is not all spent on answers."""
        if self.by == "vote":
            return
        scores = yield [self.request("judge", (node,), self.opinions) for node in nodes]
        for node, told in zip(nodes, scores, strict=True):
            self.judged([node], told)
