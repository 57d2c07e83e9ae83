"""How is one search kept within its budget, looked up at any time, and gone on with when it was broken off?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from syllogym.agents.search.opinions import Opinions
from syllogym.agents.search.request import GROWS, Answerer, Case, Request, Result, Strategy
from syllogym.agents.search.whole import answer_of
from syllogym.envs import Fault
from syllogym.envs.chance import mix
from syllogym.envs.tree.meter import Budget, Meter, Overspent
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError

_MASK = (1 << 64) - 1
NOTHING_NEW = Result()
"""The answer to a request of which all is known."""


class Point(NamedTuple):
    """From `spent` on, `node` was the best."""

    spent: Usage
    node: int


@dataclass(slots=True)
class Asked(Case):
    """A request under way, as it is put.

    Attributes:
        search: whose request it is. whole: the strategy's request. answerer: who is asked; None where all of it is
            known. most: what is reserved. result: what is said.
    """

    search: Search
    whole: Request
    answerer: Answerer | None = None
    most: Usage = NOTHING
    result: Result | Fault = field(init=False, repr=False)


class Search:
    """One search of one task. What comes of it does not depend on how many requests are answered at one time.

    Args:
        task: a `SearchTask`. strategy: a fresh one.
        proposer: answers what grows thoughts; a mapping has one for each agent that the strategy names.
        evaluator: judges; None where the strategy has nothing judged. A state is judged once: what else leads there
            costs nothing (`opinions.hits`).
        budget: of this search, or a `Meter` that it shares with others.
        seed: of its chance.

    Attributes:
        tree: what has grown. curve: the best node at any amount spent. meter: what was spent.
        refused: requests that had no budget. fault: what ended the search, if nothing should have.
        over: whether there is no more to come.
        log: every request as it was put, with its result; None where it was refused.
    """

    def __init__(
        self,
        task: Any,
        strategy: Strategy,
        proposer: Answerer | Mapping[str, Answerer],
        evaluator: Answerer | None = None,
        *,
        budget: Budget | Meter | None = None,
        seed: int = 0,
    ) -> None:
        self.task, self.strategy, self.seed = task, strategy, seed & _MASK
        self._evaluator = evaluator
        self._proposer = None if isinstance(proposer, Mapping) else proposer
        self._agents: Mapping[str, Answerer] = proposer if isinstance(proposer, Mapping) else {}
        self.meter = budget if isinstance(budget, Meter) else Meter(budget)
        self.tree = ThoughtTree(task.prompt, task.root())
        self.opinions = Opinions(self.tree)
        self.curve: list[Point] = []
        self.log: list[tuple[Request, Result | None]] = []
        self.refused = 0
        self.fault: Fault | None = None
        self.over = False
        self._queue: list[Request] = []
        self._origin = mix(self.seed)
        strategy.begin(self.tree, task, self.seed)
        self._look()

    @property
    def together(self) -> bool:
        """Whether those who answer are best asked for many searches at once."""
        return any(one.together for one in self.answerers())

    def answerers(self) -> list[Answerer]:
        """Return those who answer."""
        return [one for one in (self._proposer, *self._agents.values(), self._evaluator) if one is not None]

    @property
    def answer(self) -> str | None:
        """The best answer so far."""
        return self.answer_of(self.curve[-1].node)

    def answer_of(self, node: int) -> str | None:
        """Return the answer that a node stands for, if it does."""
        return answer_of(self.task, self.tree, node)

    def ask(self, most: int) -> list[Asked]:
        """Return up to `most` requests within the budget; none when it is over. All earlier ones have been told."""
        asked: list[Asked] = []
        while not asked and not self.over:
            queue = self._queue or self.strategy.ask(most)
            done = 0
            for request in queue[:most]:
                one = self.put(request)
                if self.meter.reserve(one.most):
                    if asked or one.answerer is not None:
                        asked.append(one)
                    else:  # all of it is known, and whatever was asked before has been told
                        self.tell(one)
                else:
                    self._forget(one)
                    if asked:
                        break  # it may fit when these have used less than they might
                    self.refuse(request)
                done += 1
            self._queue = queue[done:]
            self.over = self.over or not queue
        return asked

    def refuse(self, request: Request) -> None:
        """Tell the strategy that there is no budget for a request."""
        self.refused += 1
        self.log.append((request, None))
        self.strategy.refuse(request)

    def tell(self, asked: Asked) -> None:
        """Pass on what came of a request, and book it. After a fault it is only booked."""
        result, used = asked.result, asked.most  # where nobody knows what it used
        try:
            if isinstance(result, Fault):
                raise result
            used = result.usage
            if self.fault is None:
                used = self.hear(asked, result)
        except Fault as fault:
            self.fault = self.fault or fault
        try:
            self.meter.settle(asked.most, used)
        except Overspent as error:
            self.fault = self.fault or Fault(str(error))
        self.over = self.over or self.fault is not None
        self._look()

    def hear(self, asked: Asked, result: Result) -> Usage:
        """Pass on what came of a request; return what it used, with the nodes that grew."""
        request, put, usage = asked.whole, asked.request, result.usage
        self.log.append((put, result))
        if request.kind in GROWS:
            text = self.tree.text
            before = len(text)
            self.strategy.tell(request, result)
            grown = thoughts(len(text) - before)
            return grown if usage is NOTHING else usage + grown
        _check(put, result)
        if request.kind == "value":
            scores = self.opinions.hear(request, put, result.scores)
            result = result if scores is result.scores else Result((), scores, usage)
        self.strategy.tell(request, result)
        return usage

    def replay(self, put: Request, result: Result | None) -> None:
        """Go on by an entry of the log of the same search, run before. Raises `UserError` where it is another one's."""
        self._queue = self._queue or self.strategy.ask(1)
        asked = self.put(self._queue.pop(0)) if self._queue else None
        if asked is None or (asked.whole if result is None else asked.request) != put:
            raise UserError("The recorded search asked otherwise: it had other settings, or another version made it.")
        if result is None:
            self._forget(asked)
            self.refuse(asked.whole)
        else:
            self.meter.resume(self.hear(asked, result))
        self._look()

    def put(self, request: Request) -> Asked:
        """Return how a request is put, and to whom."""
        seed = (self._origin + (request.id << 32)) & _MASK
        if request.kind in GROWS:
            proposer = self._agent(request.agent) if self._proposer is None else self._proposer
            asked = Asked(self.task, self.tree, request, seed, self, request, proposer)
            most, nodes = proposer.most(asked), thoughts(request.n)
            asked.most = nodes if most is NOTHING else most + nodes
            return asked
        part = self.opinions.ask(request) if request.kind == "value" else request
        asked = Asked(self.task, self.tree, part, seed, self, request)
        if part.nodes:
            asked.answerer = judge = self._judge()
            asked.most = judge.most(asked)
        else:
            asked.result = NOTHING_NEW
        return asked

    def _forget(self, asked: Asked) -> None:
        if asked.request.kind == "value":
            self.opinions.forget(asked.request)

    def _look(self) -> None:
        """Note the best node, where it is another than before."""
        node = self.strategy.best()[0]
        if not self.curve or node != self.curve[-1].node:
            self.curve.append(Point(self.meter.spent, node))

    def _agent(self, agent: str) -> Answerer:
        if agent not in self._agents:
            raise UserError(f"The strategy asks {agent!r}, and the proposers are {', '.join(self._agents)}.")
        return self._agents[agent]

    def _judge(self) -> Answerer:
        if self._evaluator is None:
            raise UserError("The strategy wants thoughts to be judged: give the search an evaluator.")
        return self._evaluator


@lru_cache
def thoughts(count: int) -> Usage:
    """Return the use of as many nodes."""
    return Usage(nodes=count)


def _check(request: Request, result: Result) -> None:
    """Raise `Fault` unless there is one score in [0, 1] for each node."""
    scores = result.scores
    if len(scores) != len(request.nodes):
        raise Fault(f"{len(scores)} scores were given for {len(request.nodes)} nodes ({request.kind}).")
    for score in scores:
        if not 0.0 <= score <= 1.0:
            raise Fault(f"A score is in [0, 1]; the evaluator says {score!r} ({request.kind}).")
