"""How is a search strategy written? As lines of thought, generators that yield requests and are sent what came of them.

A line says ``children = yield from self.think("propose", node, n)`` and goes on when the thoughts are in the tree.
Lines that run side by side (`at_once`) are begun in waves, so what happens does not depend on how many requests are
answered at one time.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from syllogym.agents.search.request import GROWS, Kind, Request, Result
from syllogym.agents.search.whole import Whole, read_answer
from syllogym.envs.chance import Dice, mix
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.errors import UserError

T = TypeVar("T")
Line = Generator[list[Request], list[Any], T]
"""Yields requests; is sent, for each, the nodes that grew or the scores, and None where the budget refused it."""

_OPEN, _TERMINAL = Status.OPEN, Status.TERMINAL  # looked up once: that takes longer than a comparison
ANSWERED = 3.0
"""Added to the value of nodes that are answers, so that any of them ranks before what leads to one."""


@dataclass(kw_only=True)
class TreeSearch:
    """A strategy by lines of thought; see `syllogym.agents.search.request.Strategy` for how it is driven.

    Attributes (once begun):
        tree, task: what it grows, and of which puzzle.
        refused: whether the budget has refused something. illegal: thoughts that led nowhere.
    """

    name: ClassVar[str]
    merges: ClassVar[bool] = True
    """Whether a thought that leads where a sibling leads adds to that one's prior instead of becoming a node."""

    def begin(self, tree: ThoughtTree, task: Any, seed: int) -> None:
        """Begin a search of `task` in a tree that has only its root."""
        self.tree, self.task, self.refused, self.illegal = tree, task, False, 0
        self._seed = seed
        self._count = self._running = self._top = 0
        self._rank = -2.0
        self._ready: list[Request] = []
        self._waits: dict[int, Any] = {}
        self._width, self._lines = self.at_once(), self.lines()

    @cached_property
    def dice(self) -> Dice:
        """Its chance."""
        dice = Dice()
        dice.restart(mix(self._seed), 0)
        return dice

    def at_once(self) -> int:
        """Return how many lines are followed at one time."""
        return 1

    def lines(self) -> Iterator[Line[None] | None]:
        """Yield the lines to follow, `at_once` of them in each wave; None where a wave should have no more."""
        yield self.search()

    def search(self) -> Line[None]:
        """Follow the only line, where there is one."""
        raise NotImplementedError

    def ask(self, most: int) -> list[Request]:
        """Return up to `most` requests, having begun new lines when all earlier ones have ended."""
        ready = self._ready
        while not ready and not self._running:
            begun = 0
            for line in self._lines:
                if line is None:
                    break
                begun += 1
                self._running += 1
                self._send(line, None)
                if self._running >= self._width:
                    break
            if not begun:
                break
        if len(ready) <= most:
            self._ready = []
            return ready
        self._ready = ready[most:]
        return ready[:most]

    def tell(self, request: Request, result: Result) -> None:
        """Let thoughts grow or nodes be judged, and the line go on that waits for it."""
        if request.kind in GROWS:
            self._hear(request, self._grow(request, result))
        else:
            self._hear(request, result.scores)

    def refuse(self, request: Request) -> None:
        """Let the line go on without."""
        self.refused = True
        self._hear(request, None)

    def best(self, k: int = 1) -> list[int]:
        """Return the `k` best nodes so far: answers first, by value, the earlier of equals."""
        if k == 1:
            return [self._top]
        nodes = range(1, len(self.tree))
        return heapq.nsmallest(k, nodes, key=lambda node: -self.rank(node)) or [0]

    def rank(self, node: int) -> float:
        """Return by what `best` orders: the value, with answers before everything else."""
        value = self.tree.value[node]
        return (value if value == value else -1.0) + ANSWERED * (self.tree.status[node] is _TERMINAL)

    def think(self, kind: Kind, node: int, n: int, **more: Any) -> Line[list[int]]:
        """Ask for `n` thoughts or answers from a node; return the nodes that grew."""
        grown: list[list[int] | None] = yield [self.request(kind, (node,), n, **more)]
        return grown[0] or []

    def judge(self, nodes: Sequence[int], n: int = 1, kind: Kind = "value", **more: Any) -> Line[Sequence[float]]:
        """Ask what nodes are worth and write it into the tree; return it, 0 for each where there was no budget."""
        if not nodes:
            return []
        scores: list[Sequence[float] | None] = yield [self.request(kind, tuple(nodes), n, **more)]
        return self.judged(nodes, scores[0])

    def judged(self, nodes: Sequence[int], scores: Sequence[float] | None) -> Sequence[float]:
        """Write what nodes are worth into the tree."""
        if scores is None:
            return [0.0] * len(nodes)
        self.tree.judge_all(nodes, scores)
        if nodes and ANSWERED + self.ceiling(scores) > self._rank:
            self.consider(max(nodes, key=self.rank))
        return scores

    def ceiling(self, scores: Sequence[float]) -> float:
        """Return the most that nodes judged like this may count in `rank`, answers or not."""
        return max(scores)

    def found(self, enough: float) -> bool:
        """Say whether there is an answer of this value."""
        return self._rank >= ANSWERED + enough

    def consider(self, node: int) -> None:
        """Make a node the best one, if it is."""
        rank = self.rank(node)
        if rank > self._rank:
            self._rank, self._top = rank, node

    def request(self, kind: Kind, nodes: tuple[int, ...], n: int = 1, agent: str = "", manner: str = "") -> Request:
        """Make the next request."""
        count = self._count
        self._count = count + 1
        return Request(count, kind, nodes, n, agent, manner)

    def _hear(self, request: Request, told: Any) -> None:
        waits = self._waits.pop(request.id)
        if type(waits) is not tuple:
            self._send(waits, [told])
            return
        line, got, place, missing = waits
        got[place] = told
        missing[0] -= 1
        if not missing[0]:
            self._send(line, got)

    def _send(self, line: Line[None], got: Any) -> None:
        try:
            requests = line.send(got)
            while not requests:
                requests = line.send([])
        except StopIteration:
            self._running -= 1
            return
        self._ready += requests
        if len(requests) == 1:  # the most frequent case, so it goes without any bookkeeping
            self._waits[requests[0].id] = line
            return
        told, missing = [None] * len(requests), [len(requests)]
        for place, request in enumerate(requests):
            self._waits[request.id] = line, told, place, missing

    def _grow(self, request: Request, result: Result) -> list[int]:
        if request.kind in ("solve", "refine"):
            return self._add(request, result, result.texts[: request.n])
        tree, task, parent = self.tree, self.task, request.nodes[0]
        texts: Sequence[str] = result.texts[: request.n]
        priors: Sequence[float] = result.scores[: len(texts)] or [1.0] * len(texts)
        step, ended, before = task.step, task.ended, tree.state[parent]
        states: list[Hashable] = []
        illegal: list[int] = []
        for text in texts:
            try:
                states.append(step(before, text))
            except IllegalThought:
                illegal.append(len(states) + len(illegal))
        if illegal:
            self.illegal += len(illegal)
            texts = [text for at, text in enumerate(texts) if at not in illegal]
            priors = [prior for at, prior in enumerate(priors) if at not in illegal]
        if self.merges and (tree.children[parent] or len(set(states)) < len(states)):
            texts, states, priors = self._merged(parent, texts, states, priors)
        statuses = [
            _OPEN if not ended(new) else Status.DEAD if task.answer(new) is None else _TERMINAL for new in states
        ]
        grown = tree.add_all(parent, texts, states, priors, statuses, author=request.agent, usage=result.usage)
        if grown and self._rank < ANSWERED - 1:
            self.consider(grown[0])
            if _TERMINAL in statuses:
                self.consider(grown[statuses.index(_TERMINAL)])
        return grown

    def _merged(
        self, parent: int, texts: Sequence[str], states: Sequence[Hashable], priors: Sequence[float]
    ) -> tuple[list[str], list[Hashable], list[float]]:
        """Add the priors of thoughts that lead where others do to those of these, and leave such thoughts out."""
        tree = self.tree
        known = {tree.state[child]: child for child in tree.children[parent]}
        fresh: dict[Hashable, tuple[str, float]] = {}
        for text, state, prior in zip(texts, states, priors, strict=True):
            if state in known:
                tree.prior[known[state]] += prior
            elif state in fresh:
                first, before = fresh[state]
                fresh[state] = first, before + prior
            else:
                fresh[state] = text, prior
        return [text for text, _ in fresh.values()], list(fresh), [prior for _, prior in fresh.values()]

    def _add(self, request: Request, result: Result, texts: Sequence[str]) -> list[int]:
        """Add whole answers."""
        count = len(texts)
        states, statuses = [Whole(read_answer(text)) for text in texts], [Status.TERMINAL] * count
        parent, author, usage = request.nodes[0], request.agent, result.usage
        grown = self.tree.add_all(parent, texts, states, [1.0] * count, statuses, author=author, usage=usage)
        if grown:
            self.consider(grown[0])
        return grown


def at_least(owner: str, least: float, **values: float | None) -> None:
    """Raise `UserError` for the first of these settings that is below `least`."""
    for name, value in values.items():
        if value is not None and value < least:
            raise UserError(f"{owner}.{name} is at least {least:g}; not {value!r}.")
