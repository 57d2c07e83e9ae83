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

    def ask(self, request: Request) -> Request:
        """Return the part of a request that is about states unknown so far, and count these as known from now on."""
        nodes = request.nodes
        first = tuple(map(self._of(request).first.setdefault, map(self._state.__getitem__, nodes), nodes))
        if first == nodes:  # as is most often so
            return request
        fresh = tuple([node for node, before in zip(nodes, first, strict=True) if node == before])
        return Request(request.id, request.kind, fresh, request.n, request.agent, request.manner)

    def forget(self, asked: Request) -> None:
        """Count as unknown what will not be asked after all."""
        first = self._of(asked).first
        for node in asked.nodes:
            del first[self._state[node]]

    def hear(self, request: Request, asked: Request, scores: Sequence[float]) -> Sequence[float]:
        """Learn what was answered to `asked`; return the scores of the whole request."""
        judged = self._of(asked)
        judged.score.update(zip(asked.nodes, scores, strict=True))
        if asked is request:
            return scores
        self.hits += len(request.nodes) - len(asked.nodes)
        return [judged.score[judged.first[self._state[node]]] for node in request.nodes]

    def _of(self, request: Request) -> _Judged:
        kind = request[3:]  # how many opinions, whose, and in which manner
        try:
            return self._kinds[kind]
        except KeyError:
            return self._kinds.setdefault(kind, _Judged())
