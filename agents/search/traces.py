"""What can be learnt from a search that is over? Paths and searches to imitate, choices, labelled steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import isnan
from typing import Any, NamedTuple

from syllogym.agents.search.outcomes import distances, outcomes
from syllogym.agents.search.whole import answer_of
from syllogym.envs.tree.thought_tree import ThoughtTree


class Pair(NamedTuple):
    """Two thoughts from one node, and how much better the first is."""

    parent: int
    chosen: int
    rejected: int
    margin: float


class Steps(NamedTuple):
    """A way of thought, and of each step whether a right answer was still found behind it."""

    nodes: tuple[int, ...]
    texts: tuple[str, ...]
    labels: tuple[bool, ...]


@dataclass(frozen=True)
class Trace:
    """A search that is over.

    Attributes:
        task: what was searched. tree: what was thought. enough: score of a right answer.
    """

    task: Any
    tree: ThoughtTree
    enough: float = 1.0

    @cached_property
    def outcome(self) -> list[float]:
        """What each node's own answer was worth (see `syllogym.agents.search.outcomes`)."""
        return outcomes(self.task, self.tree)

    @cached_property
    def away(self) -> list[int | None]:
        """Steps from each node down to the nearest right answer."""
        return distances(self.tree, self.outcome, self.enough)

    def solved(self, most: int | None = None, longest: int | None = None) -> list[tuple[int, ...]]:
        """Return the ways to right answers, root left out: the shortest first, of equals the first found.

        Args:
            most: ways, of all. longest: thoughts in a way.
        """
        right = [node for node, one in enumerate(self.outcome) if one >= self.enough]
        ways = [tuple(self.tree.path(node))[1:] for node in right]
        return sorted((way for way in ways if longest is None or len(way) <= longest), key=len)[:most]

    def texts(self, way: Sequence[int]) -> tuple[str, ...]:
        """Return the thoughts of a way."""
        return tuple(self.tree.text[node] for node in way)

    def stream(self, until: int | None = None) -> list[str]:
        """Tell the search in the order in which it happened, dead ends and all (stream of search, arXiv 2404.03683).

        A line holds the thoughts that came from one node at one time, behind the thoughts that had led there, unless it
        goes on from the only thought of the line before. Ends that are no answer are followed by ``x``.

        Args:
            until: the last node that is told.
        """
        tree, lines = self.tree, list[str]()
        alone = 0  # the only thought of the line before
        for parent, run in groupby(range(1, len(tree) if until is None else until + 1), tree.parent.__getitem__):
            nodes = list(run)
            way = "" if parent == alone else f"{', '.join(self.texts(tree.path(parent)[1:])) or 'start'}: "
            lines.append(way + "; ".join(tree.text[node] + " x" * self._dead(node) for node in nodes))
            alone = nodes[0] if len(nodes) == 1 else -1
        return lines

    def _dead(self, node: int) -> bool:
        return self.outcome[node] == 0.0 and answer_of(self.task, self.tree, node) is None

    def pairs(self, values: Sequence[float], margin: float = 0.0) -> Iterator[Pair]:
        """Yield every two siblings whose values differ by more than `margin`, the better first; nan is left out.

        Args:
            values: of each node, such as `value_targets`.
        """
        for parent, children in enumerate(self.tree.children):
            known = [child for child in children if not isnan(values[child])]
            for chosen in known:
                for rejected in known:
                    if values[chosen] - values[rejected] > margin:
                        yield Pair(parent, chosen, rejected, values[chosen] - values[rejected])

    def steps(self) -> Iterator[Steps]:
        """Yield each way down to an end, to its first step behind which nothing right was found (Math-Shepherd's hard
        labels, arXiv 2312.08935; where the first mistake is, arXiv 2305.20050)."""
        seen = set()
        for leaf, one in enumerate(self.outcome):
            way = [] if isnan(one) else list(self.tree.path(leaf))[1:]
            first = next((at for at, node in enumerate(way) if self.away[node] is None), len(way))
            nodes = tuple(way[: first + 1])
            if nodes and nodes not in seen:
                seen.add(nodes)
                yield Steps(nodes, self.texts(nodes), tuple(self.away[node] is not None for node in nodes))
