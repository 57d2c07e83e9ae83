"""What happens when a search acts? One tree, one task, one meter and a place where the search stands."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf, isnan
from typing import Any, TypeAlias

from syllogym.envs.tree.actions import Answer, Propose, Refused
from syllogym.envs.tree.meter import Budget, Meter
from syllogym.envs.tree.search_task import IllegalThought, SearchTask
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.envs.tree.usage import Usage

_NODE = Usage(nodes=1)
_CLOSED = (Status.PRUNED, Status.TERMINAL, Status.DEAD)

Proposer: TypeAlias = Callable[["Session", int, int], Sequence[str]]
"""Takes a search, a node and how many are wanted; returns thoughts from there."""

Evaluator: TypeAlias = Callable[["Session", int], float]
"""Takes a search and a node; returns its value in [0, 1]."""


def listed_moves(session: Session, node: int, k: int) -> list[str]:
    """Propose the first legal thoughts that nobody has had yet; `Refused` where the task cannot list them."""
    moves = session.untried(node)
    if moves is None:
        raise Refused("Nobody can propose thoughts here: write them with <propose>.")
    return moves[:k]


def known_promise(session: Session, node: int) -> float:
    """Judge a node by what its state lets one guess or, where the task does not say, by its promise.

    `Refused` where the task does not know that either.
    """
    state = session.tree.state[node]
    hunch = getattr(session.task, "hunch", None)
    promise = session.task.promise(state) if hunch is None else hunch(state)
    if promise is None:
        raise Refused('Nobody can judge this: write a value, as in <evaluate node="5">0.7</evaluate>.')
    return promise


class Session:
    """A search under way. Actions that are not allowed raise `Refused` and change nothing.

    Attributes:
        task, tree, meter: what is searched, what has been thought, what was spent. cursor: the node where it stands.
        answered: the final answer, None while there is none. score: of that answer.
        rng: chance for proposers and evaluators. proposer, evaluator: who adds and judges where the agent does not.
    """

    proposer: Proposer = staticmethod(listed_moves)
    evaluator: Evaluator = staticmethod(known_promise)

    def __init__(self, task: SearchTask[Any], budget: Budget, rng: random.Random) -> None:
        self.task, self.rng = task, rng
        self.tree = ThoughtTree(task.prompt, task.root())
        self.meter = Meter(budget)
        self.cursor = 0
        self.answered: str | None = None
        self.score = 0.0

    @property
    def exhausted(self) -> bool:
        """Whether what was spent has reached a limit, nodes aside: an answer needs none."""
        return self._left() <= 0

    @property
    def overspent(self) -> bool:
        """Whether what was spent is more than a limit, nodes aside: so much was never to be had."""
        return self._left() < 0

    def can_grow(self, node: int) -> bool:
        """Say whether thoughts can be added below a node."""
        return self.tree.status[node] not in _CLOSED and self.meter.fits(_NODE)

    def untried(self, node: int) -> list[str] | None:
        """Return the legal thoughts from a node that nobody has had yet; None where the task cannot list them."""
        moves = self.task.moves(self.tree.state[node])
        had = {self.tree.text[child] for child in self.tree.children[node]}
        had |= {text for parent, _, text in self.tree.also if parent == node}
        return None if moves is None else [move for move in moves if move not in had]

    def hear(self, usage: Usage) -> None:
        """Count what a reply used: it was sampled before anybody could refuse it, and may be the last one."""
        self.meter.resume(usage)

    def check(self, node: int, *, grows: bool = False) -> None:
        """Raise `Refused` where a node is not there or pruned or, under `grows`, nothing can be added below it."""
        if not self.can_grow(self._at(node)) and grows:
            raise Refused(self._why_not(node))

    def live(self, node: int) -> bool:
        """Say whether a node is there and not pruned."""
        return 0 <= node < len(self.tree) and self.tree.status[node] != Status.PRUNED

    def propose(self, text: str, node: int | None = None, author: str = "agent") -> int:
        """Add a thought and go there; return its node, which is an old one where it leads to a state that is known."""
        parent = self._at(node)
        self.check(parent, grows=True)
        try:
            state = self.task.step(self.tree.state[parent], text)
        except IllegalThought as error:
            raise Refused(str(error)) from error
        place, before = self.tree.find(state), len(self.tree)
        if place is not None and not self.live(place):
            raise Refused(f"That leads to node {place}, which is pruned.")
        status = Status.TERMINAL if self.task.ended(state) else Status.OPEN
        self.cursor = self.tree.add(parent, text, state=state, author=author, status=status, usage=_NODE, merge=True)
        if len(self.tree) > before:
            self.meter.reserve(_NODE)
            self.meter.settle(_NODE, _NODE)
        return self.cursor

    def expand(self, node: int | None = None, k: int = 1) -> list[int]:
        """Add up to `k` thoughts of the proposer's, as far as nodes are left; return the new nodes. It stays at `node`.

        Thoughts of the proposer's that lead nowhere are left out.
        """
        parent = self._at(node)
        self.check(parent, grows=True)
        before = len(self.tree)
        thoughts = self.proposer(self, parent, k)
        for text in thoughts:
            with suppress(Refused):
                self.propose(text, parent, author="proposer")
        if len(thoughts) < k or self.untried(parent) == []:
            self.tree.mark(parent, Status.EXPANDED)
        self.cursor = parent
        return list(range(before, len(self.tree)))

    def evaluate(self, node: int | None = None, value: float | None = None) -> float:
        """Judge a node by a value, or let the evaluator do so; return its value."""
        at = self._at(node)
        value = self.evaluator(self, at) if value is None else value
        self.tree.judge(at, value)
        self.tree.back_up(at, value)
        return value

    def backtrack(self, to: int, prune: bool = False) -> None:
        """Go on from another node; under `prune` the branch of it where the search stands is cut off."""
        at = self._at(to)
        if at == self.cursor:
            raise Refused(f"The search stands at node {at} already.")
        if prune:
            way = list(self.tree.path(self.cursor))
            if at not in way:
                raise Refused(f"Node {at} is not above node {self.cursor}: prune only when you go back up.")
            self.cut(way[way.index(at) + 1])
        self.cursor = at

    def cut(self, node: int) -> None:
        """Prune a node and all below it; a search that stood there goes to the node above."""
        if node == 0:
            raise Refused("The root cannot be pruned.")
        for one in self.tree.below(self._at(node)):
            self.tree.mark(one, Status.PRUNED)
        if not self.live(self.cursor):
            self.cursor = self.tree.parent[node]

    def answer(self, text: str | None = None, node: int | None = None) -> float:
        """End with an answer, that of a node where none is given; return its score."""
        at = self._at(node)
        found = text if text is not None else self.task.answer(self.tree.state[at])
        if found is None:
            raise Refused(f"Node {at} stands for no answer: write one, or go on.")
        self.answered, self.score = found, self.task.score(found)
        return self.score

    def advice(self) -> Propose | Answer:
        """Return what one would do who knows the promise of every state: the reference solver's action."""
        solutions = self.task.solutions()
        solve = getattr(self.task, "solve", None)
        if solutions is None or len(solutions) == 1:
            live = [node for node in range(len(self.tree)) if self.live(node)]
            good = [node for node in live if self.task.promise(self.tree.state[node])]
            for node in reversed(good):
                found = self.task.answer(self.tree.state[node])
                if found is not None and self.task.score(found) == 1.0:
                    return Answer(node=node)
            deepest = max(good, key=lambda one: self.tree.depth[one], default=0)
            if self.can_grow(deepest):
                moves = self.task.moves(self.tree.state[deepest]) or ()
                promise, move = max(((self._promise(deepest, move), move) for move in moves), default=(0.0, ""))
                if promise > 0:
                    return Propose(move, deepest)
        if solve is None:
            raise NotImplementedError("the task has no reference solver")
        return Answer(str(solve()))

    def _left(self) -> float:
        """Return what is left of the amount of which least is left."""
        spent, seconds = self.meter.spent, self.meter.seconds
        limits = [(name, limit) for name, limit in self.meter.budget.limits() if name != "nodes"]
        used = ((seconds if name == "seconds" else getattr(spent, name), limit) for name, limit in limits)
        return min((limit - amount for amount, limit in used), default=inf)

    def _promise(self, node: int, move: str) -> float:
        state = self.task.step(self.tree.state[node], move)
        return (self.task.promise(state) or 0.0) if self.tree.find(state) is None else 0.0

    def _at(self, node: int | None) -> int:
        at = self.cursor if node is None else node
        if not 0 <= at < len(self.tree):
            raise Refused(f"There is no node {at}; nodes go from 0 to {len(self.tree) - 1}.")
        if not self.live(at):
            raise Refused(f"Node {at} is pruned.")
        return at

    def _why_not(self, node: int) -> str:
        if self.tree.status[node] in _CLOSED:
            return f"Nothing can be thought on from node {node}: it is an end."
        return "The budget has no node left: answer, or say what you know."


def value_or(tree: ThoughtTree, node: int, other: float) -> float:
    """Return a node's value, or `other` while nobody has judged it."""
    return other if isnan(tree.value[node]) else tree.value[node]
