"""How do searches run? All side by side: who answers is asked for all of them at once, or each goes its own pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syllogym.agents.search.request import Answerer, Result, Strategy
from syllogym.agents.search.search import Asked, Search
from syllogym.envs import Fault
from syllogym.envs.tree.meter import Budget, Meter


async def run(searches: Sequence[Search], *, most: int = 64, after: Callable[[], object] | None = None) -> None:
    """Run searches to their ends.

    Args:
        most: requests that one search may have under way.
        after: called when results have come in, as to save the searches.
    """
    together = [search for search in searches if search.together]
    alone = [search for search in searches if not search.together]
    await asyncio.gather(*(_rounds(group, most, after) for group in (together, *([one] for one in alone)) if group))


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
    asyncio.run(run([one], most=most))
    if one.fault is not None:
        raise one.fault
    return one


async def _rounds(searches: Sequence[Search], most: int, after: Callable[[], object] | None) -> None:
    """Ask for all searches, answer, tell all of them, until none asks."""
    live = list(searches)
    while live:
        asked = [(one, request) for one in live for request in one.ask(most)]
        for (one, request), result in zip(asked, await _answers([request for _, request in asked]), strict=True):
            one.tell(request, result)
        live = [one for one in live if not one.over]
        if after is not None and asked:
            after()


async def _answers(asked: Sequence[Asked]) -> Sequence[Result | Fault]:
    """Let every answerer answer what it is asked, all at the same time; return the answers in order."""
    first = asked[0].answerer if asked else None
    if all(one.answerer is first for one in asked):
        return await _answer(asked) if asked else ()
    by: dict[int, list[int]] = {}
    for at, one in enumerate(asked):
        by.setdefault(id(one.answerer), []).append(at)
    results: list[Any] = [None] * len(asked)
    groups = list(by.values())
    for places, answers in zip(
        groups, await asyncio.gather(*(_answer([asked[at] for at in places]) for places in groups)), strict=True
    ):
        for at, answer in zip(places, answers, strict=True):
            results[at] = answer
    return results


async def _answer(asked: Sequence[Asked]) -> Sequence[Result | Fault]:
    answerer = asked[0].answerer
    if answerer is None:
        return [Result()] * len(asked)
    return await answerer.answer([one.case for one in asked])
