"""Which states have been judged already, so that nobody need judge them again?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from syllogym.agents.search.request import Request
from syllogym.envs.tree.thought_tree import ThoughtTree


class _Judged:
    """By one kind of opinion: the node by which a state was first asked about, and the scores of such nodes."""

    __slots__ = ("first", "score")

    def __init__(self) -> None:
        self.first: dict[Hashable, int] = {}
        self.score: dict[int, float] = {}


class Opinions:
    """What was thought of states: a transposition table of one search.

    States in question count as known from the moment on that they are asked about; requests are told in the order in
    which they are asked, so by the time it matters they are. What is spent does thus not depend on how many are asked
    at one time.

    Attributes:
        hits: judgements that cost nothing, as they were known.
    """

    def __init__(self, tree: ThoughtTree) -> None:
        self._state = tree.state
        self._kinds: dict[tuple[int, str, str], _Judged] = {}
        self.hits = 0

    def ask(self, request: Request) -> tuple[Request, Sequence[int]]:
        """Count the states in question as known from now on.

        Returns:
            the part of the request that is about states unknown so far, and by node the one that is judged for it.
        """
        nodes = request.nodes
        first = tuple(map(self._of(request).first.setdefault, map(self._state.__getitem__, nodes), nodes))
        if first == nodes:  # as is most often so
            return request, nodes
        fresh = tuple([node for node, before in zip(nodes, first, strict=True) if node == before])
        return Request(request.id, request.kind, fresh, request.n, request.agent, request.manner), first

    def forget(self, asked: Request) -> None:
        """Count as unknown what will not be asked after all."""
        first = self._of(asked).first
        for node in asked.nodes:
            del first[self._state[node]]

    def hear(self, asked: Request, judged: Sequence[int], scores: Sequence[float]) -> Sequence[float]:
        """Learn what was answered to `asked`; return the scores of the whole request, whose nodes are `judged`."""
        score = self._of(asked).score
        score.update(zip(asked.nodes, scores, strict=True))
        if judged is asked.nodes:
            return scores
        self.hits += len(judged) - len(asked.nodes)
        return list(map(score.__getitem__, judged))

    def _of(self, request: Request) -> _Judged:
        kind = request.n, request.agent, request.manner
        try:
            return self._kinds[kind]
        except KeyError:
            return self._kinds.setdefault(kind, _Judged())
