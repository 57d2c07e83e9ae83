"""How do searches run? All side by side: who answers is asked for all of them at once, or each goes its own pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from syllogym.agents.search.request import Answerer, Strategy
from syllogym.agents.search.search import Asked, Search
from syllogym.envs.tree.meter import Budget, Meter

After = Callable[[], object]


async def run(searches: Sequence[Search], *, most: int = 64, after: After | None = None) -> None:
    """Run searches to their ends.

    Args:
        most: requests that one search may have under way.
        after: called when results have come in, as to save the searches.
    """
    together = [search for search in searches if search.together]
    alone = [search for search in searches if not search.together]
    groups = [group for group in (together, *([one] for one in alone)) if group]
    await asyncio.gather(*(_waited(_rounds(group, most, after)) for group in groups))


def run_all(searches: Sequence[Search], *, most: int = 64, after: After | None = None) -> None:
    """Run searches to their ends, as `run`, from code that is not async. Where nobody waits no event loop is needed."""
    if any(iscoroutinefunction(one.answer) for search in searches for one in search.answerers()):
        asyncio.run(run(searches, most=most, after=after))
        return
    for batches in _rounds(searches, most, after):
        for batch in batches:
            batch.results = batch.answerer.answer(batch.asked)


def search(
    task: Any,
    strategy: Strategy,
    proposer: Answerer | Mapping[str, Answerer],
    evaluator: Answerer | None = None,
    *,
    budget: Budget | Meter | None = None,
    seed: int = 0,
    most: int = 64,
) -> Search:
    """Run one search to its end; see `Search`. Raises the `Fault` that ended it."""
    one = Search(task, strategy, proposer, evaluator, budget=budget, seed=seed)
    run_all([one], most=most)
    if one.fault is not None:
        raise one.fault
    return one


@dataclass(slots=True)
class _Batch:
    """What one answerer is asked in a round by any searches, and what it says."""

    answerer: Answerer
    asked: list[Asked] = field(default_factory=list)
    results: Any = ()

    async def wait(self) -> None:
        """Have the answers."""
        answers = self.answerer.answer(self.asked)
        self.results = await answers if isawaitable(answers) else answers


def _rounds(searches: Sequence[Search], most: int, after: After | None) -> Iterator[list[_Batch]]:
    """Yield what all searches ask at one time, and tell them the results that are there then, until none asks."""
    live, batches, saved = list(searches), dict[int, _Batch](), 0
    while live:
        asked = [request for one in live for request in one.ask(most)]
        for request in asked:
            if (who := request.answerer) is not None:
                if id(who) not in batches:
                    batches[id(who)] = _Batch(who)
                batches[id(who)].asked.append(request)
        full = [batch for batch in batches.values() if batch.asked]
        yield full
        for batch in full:
            for request, result in zip(batch.asked, batch.results, strict=True):
                request.result = result
            batch.asked = []
        for request in asked:
            request.search.tell(request)
        live = [one for one in live if not one.over]
        if after is not None and saved < (logged := sum(len(one.log) for one in searches)):
            saved = logged
            after()


async def _waited(rounds: Iterator[list[_Batch]]) -> None:
    """Let all batches of a round be answered at the same time."""
    for batches in rounds:
        if len(batches) == 1:
            await batches[0].wait()
        else:
            await asyncio.gather(*(batch.wait() for batch in batches))
