"""How is one search kept within its budget, looked up at any time, and gone on with when it was broken off?"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
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
_NOTHING_NEW = Result()


class Point(NamedTuple):
    """From `spent` on, `node` was the best."""

    spent: Usage
    node: int


class Asked(NamedTuple):
    """A request under way: the strategy's, as it is put, to whom (None: all of it is known), what is reserved."""

    request: Request
    case: Case
    answerer: Answerer | None
    most: Usage


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
        self._proposer, self._evaluator = proposer, evaluator
        self.meter = budget if isinstance(budget, Meter) else Meter(budget)
        self.tree = ThoughtTree(task.prompt, task.root())
        self.opinions = Opinions(self.tree)
        self.curve: list[Point] = []
        self.log: list[tuple[Request, Result | None]] = []
        self.refused = 0
        self.fault: Fault | None = None
        self.over = False
        self._queue: deque[Request] = deque()
        self._origin = mix(self.seed)
        strategy.begin(self.tree, task, self.seed)
        self._look()

    @property
    def together(self) -> bool:
        """Whether those who answer are best asked for many searches at once."""
        proposers = self._proposer.values() if isinstance(self._proposer, Mapping) else (self._proposer,)
        return any(one.together for one in (*proposers, self._evaluator) if one is not None)

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
        while len(asked) < most:
            if not self._queue:
                if asked:
                    break
                self._queue.extend(() if self.over else self.strategy.ask(most))
                if not self._queue:
                    self.over = True
                    break
            one = self._reserve(self._queue[0])
            if one is not None:
                asked.append(one)
            elif asked:
                break  # it may fit when these have used less than they might
            else:
                self.refuse(self._queue[0])
            self._queue.popleft()
        return asked

    def refuse(self, request: Request) -> None:
        """Tell the strategy that there is no budget for a request."""
        self.refused += 1
        self.log.append((request, None))
        self.strategy.refuse(request)

    def tell(self, asked: Asked, result: Result | Fault) -> None:
        """Pass on what came of a request, and book it. After a fault it is only booked."""
        used = asked.most  # where nobody knows what it used
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
        request, put, usage = asked.request, asked.case.request, result.usage
        self.log.append((put, result))
        if request.kind in GROWS:
            before = len(self.tree)
            self.strategy.tell(request, result)
            grown = thoughts(len(self.tree) - before)
            return grown if usage is NOTHING else usage + grown
        _check(put, result)
        if request.kind == "value":
            scores = self.opinions.hear(request, put, result.scores)
            result = result if scores is result.scores else Result((), scores, usage)
        self.strategy.tell(request, result)
        return usage

    def replay(self, put: Request, result: Result | None) -> None:
        """Go on by an entry of the log of the same search, run before. Raises `UserError` where it is another one's."""
        if not self._queue:
            self._queue.extend(self.strategy.ask(1))
        asked = self.put(self._queue.popleft()) if self._queue else None
        if asked is None or (asked.request if result is None else asked.case.request) != put:
            raise UserError("The recorded search asked otherwise: it had other settings, or another version made it.")
        if result is None:
            self._forget(asked)
            self.refuse(asked.request)
        else:
            self.meter.resume(self.hear(asked, result))
        self._look()

    def put(self, request: Request) -> Asked:
        """Return how a request is put, and to whom."""
        seed = (self._origin + (request.id << 32)) & _MASK
        if request.kind not in GROWS:
            put = self.opinions.ask(request) if request.kind == "value" else request
            case = Case(self.task, self.tree, put, seed)
            judge = self._judge() if put.nodes else None
            return Asked(request, case, judge, judge.most(case) if judge else NOTHING)
        case, proposer = Case(self.task, self.tree, request, seed), self._proposer_of(request.agent)
        most, nodes = proposer.most(case), thoughts(request.n)
        return Asked(request, case, proposer, nodes if most is NOTHING else most + nodes)

    def _reserve(self, request: Request) -> Asked | None:
        asked = self.put(request)
        if self.meter.reserve(asked.most):
            return asked
        self._forget(asked)
        return None

    def _forget(self, asked: Asked) -> None:
        if asked.request.kind == "value":
            self.opinions.forget(asked.case.request)

    def _look(self) -> None:
        """Note the best node, where it is another than before."""
        node = self.strategy.best()[0]
        if not self.curve or node != self.curve[-1].node:
            self.curve.append(Point(self.meter.spent, node))

    def _proposer_of(self, agent: str) -> Answerer:
        if not isinstance(self._proposer, Mapping):
            return self._proposer
        if agent not in self._proposer:
            raise UserError(f"The strategy asks {agent!r}, and the proposers are {', '.join(self._proposer)}.")
        return self._proposer[agent]

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
