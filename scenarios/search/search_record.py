"""What is kept of one search? Its answer, what it had spent whenever it knew better, and what its tree was like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, NamedTuple

from syllogym.agents.search.search import Search
from syllogym.envs.tree.thought_tree import Status
from syllogym.envs.tree.usage import Usage

BEST = 16
"""How many of the best answers are graded."""


class Place(NamedTuple):
    """Where in the grid a search stands: its strategy, its budget in words, its seed, and its problem's number."""

    strategy: str
    budget: str
    seed: int
    problem: int


@dataclass(frozen=True)
class SearchRecord:
    """One search of one problem.

    Attributes:
        place: in the grid. answer: None where it found none. score: of it, in [0, 1]. usage: in all.
        curve: pairs of what was spent, and the score of the best node from then on.
        best: scores of its best nodes, best first. tree: what its tree was like, by name.
        fault: what ended it; empty where nothing did.
    """

    place: Place
    answer: str | None
    score: float
    usage: Usage
    curve: list[tuple[Usage, float]]
    best: list[float]
    tree: Mapping[str, float]
    fault: str = field(default="")

    @classmethod
    def of(cls, place: Place, one: Search) -> SearchRecord:
        """Look at a search that is over."""
        grades: dict[int, float] = {}

        def grade(node: int) -> float:
            if node not in grades:
                answer = one.answer_of(node)
                grades[node] = 0.0 if answer is None else float(one.task.score(answer))
            return grades[node]

        return cls(
            place,
            one.answer,
            grade(one.curve[-1].node),
            one.meter.spent,
            [(point.spent, grade(point.node)) for point in one.curve],
            [grade(node) for node in one.strategy.best(BEST)],
            _shape(one),
            "" if one.fault is None else str(one.fault),
        )

    def to_json(self) -> str:
        """Write it on one line."""
        plain = {**self.place._asdict(), **{one.name: getattr(self, one.name) for one in fields(self)[1:]}}
        plain["usage"] = asdict(self.usage)
        plain["curve"] = [[_amounts(spent), score] for spent, score in self.curve]
        return json.dumps(plain)

    @classmethod
    def from_json(cls, line: str) -> SearchRecord:
        """Read what `to_json` wrote."""
        read: dict[str, Any] = json.loads(line)
        place = Place(*(read.pop(name) for name in Place._fields))
        usage = Usage(**read.pop("usage"))
        curve = [(Usage(**spent), score) for spent, score in read.pop("curve")]
        return cls(place, usage=usage, curve=curve, **read)


def _amounts(usage: Usage) -> dict[str, float]:
    return {name: amount for name, amount in asdict(usage).items() if amount}


def _shape(one: Search) -> dict[str, float]:
    tree = one.tree
    widened = [len(children) for children in tree.children if children]
    return {
        "nodes": len(tree) - 1,
        "depth": max(tree.depth),
        "branching": sum(widened) / len(widened) if widened else 0.0,
        "answers": tree.status.count(Status.TERMINAL),
        "dead": tree.status.count(Status.DEAD) + tree.status.count(Status.PRUNED),
        "illegal": getattr(one.strategy, "illegal", 0),
        "known": one.opinions.hits,
        "refused": one.refused,
    }
