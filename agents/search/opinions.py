"""Which states have been judged already, so that nobody need judge them again?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from math import nan

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
        self._known: defaultdict[tuple[int, str, str], dict[Hashable, float]] = defaultdict(dict)
        """By how many opinions, whose, and in which manner: the scores of states, nan while they are under way."""
        self.hits = 0

    def ask(self, request: Request) -> Request:
        """Return the part of a request that is about states unknown so far, and count these as known from now on."""
        state, known = self._state, self._known[request.n, request.agent, request.manner]
        fresh = []
        for node in request.nodes:
            if (here := state[node]) not in known:
                known[here] = nan
                fresh.append(node)
        if len(fresh) == len(request.nodes):
            return request
        return Request(request.id, request.kind, tuple(fresh), request.n, request.agent, request.manner)

    def forget(self, asked: Request) -> None:
        """Count as unknown what will not be asked after all."""
        known = self._known[asked.n, asked.agent, asked.manner]
        for node in asked.nodes:
            del known[self._state[node]]

    def hear(self, request: Request, asked: Request, scores: Sequence[float]) -> Sequence[float]:
        """Learn what was answered to `asked`; return the scores of the whole request."""
        state, known = self._state, self._known[request.n, request.agent, request.manner]
        for node, score in zip(asked.nodes, scores, strict=True):
            known[state[node]] = score
        if asked is request:
            return scores
        self.hits += len(request.nodes) - len(asked.nodes)
        return [known[state[node]] for node in request.nodes]
