"""Best of N: of several answers, the one that the evaluator finds best; a judge, a reward model, or a verifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers
from syllogym.agents.search.tree_search import Line, at_least


@strategy()
@dataclass(kw_only=True)
class BestOfN(Answers):
    """Asks `n` times, then has every answer judged.

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
        """Ask, then judge."""
        nodes = yield from self.answers()
        if self.by == "vote":
            yield from self.judge(nodes, self.opinions, "vote")
            return
        scores = yield [self.request("judge", (node,), self.opinions) for node in nodes]
        for node, told in zip(nodes, scores, strict=True):
            self.judged([node], told)
