"""Which states have been judged already, so that nobody need judge them again?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from syllogym.agents.search.request import Request
from syllogym.envs.tree.thought_tree import ThoughtTree


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
        self._known: dict[tuple[int, str, str], dict[Hashable, float]] = {}
        self.hits = 0

    def unknown(self, request: Request) -> Request:
        """Return the part of a request that is about states unknown so far."""
        known, state = self._of(request), self._state
        wanted = {state[node] for node in request.nodes}
        if len(wanted) == len(request.nodes) and wanted.isdisjoint(known):
            return request
        fresh = {state[node]: node for node in reversed(request.nodes) if state[node] not in known}
        nodes = tuple(sorted(fresh.values(), key=request.nodes.index))
        return Request(request.id, request.kind, nodes, request.n, request.agent, request.manner)

    def expect(self, request: Request, asked: Request) -> None:
        """Note that `asked`, of a request, is being asked."""
        self.hits += len(request.nodes) - len(asked.nodes)
        known, state = self._of(asked), self._state
        known.update((state[node], -1.0) for node in asked.nodes)

    def hear(self, request: Request, asked: Request, scores: Sequence[float]) -> Sequence[float]:
        """Learn what was answered to `asked`; return the scores of the whole request."""
        known, state = self._of(asked), self._state
        known.update(zip([state[node] for node in asked.nodes], scores, strict=True))
        return scores if asked is request else [known[state[node]] for node in request.nodes]

    def _of(self, request: Request) -> dict[Hashable, float]:
        return self._known.setdefault((request.n, request.agent, request.manner), {})
