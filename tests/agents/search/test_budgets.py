"""Does any strategy ever spend more than it may, and does what comes of it depend on how it is run?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest

from syllogym.agents import search
from syllogym.agents.search.request import Case, Request, Result
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.envs import Fault
from syllogym.envs.tree.meter import Budget, Meter
from syllogym.envs.tree.usage import Usage
from tests.agents.search.chance import Anybody
from tests.agents.search.numbers import Numbers

NAMES = search.names()
PUZZLES = [Numbers(text) for text in ("4 5 6 10", "1 2 3 4", "1 1 1 1", "6 6 6 6", "2 3")]
SEVERAL: dict[str, dict[str, Any]] = {
    "ab_mcts": {"agents": ["x", "y"], "of": "thoughts", "parallel": 3},
    "debate": {"agents": ["x", "y"], "n": 3},
    "mcts_uct": {"parallel": 4, "how": "sample", "rollout": 1},
    "mcts_puct": {"parallel": 4, "noise": 0.25},
    "best_of_n": {"by": "vote"},
    "best_first": {"parallel": 3},
    "beam": {"temperature": 0.3},
    "tot_bfs": {"pick": "sample"},
}


def begun(number: int, budget: Budget | Meter | None, limit: Usage, enough: float = 1.0) -> Search:
    """Begin the search of a number: its strategy, puzzle, options and chance."""
    name = NAMES[number % len(NAMES)]
    options = SEVERAL.get(name, {}) if number // len(NAMES) % 2 else {}
    strategy = search.make({"name": name, **options})
    asked = Anybody(limit)
    agents = dict.fromkeys(("", "x", "y"), asked)
    return Search(PUZZLES[number % len(PUZZLES)], strategy, agents, Anybody(limit), budget=budget, seed=number)


def total(one: Search) -> Usage:
    """Add up what the log says was used, with the nodes of the tree: an account apart from the meter's."""
    used = [result.usage for _, result in one.log if result is not None]
    return sum(used, Usage(nodes=len(one.tree) - 1))


def within(budget: Budget, used: Usage) -> bool:
    return all(getattr(used, name) <= limit for name, limit in budget.limits())


@pytest.mark.parametrize("part", range(10))
def test_no_strategy_exceeds_its_budget_by_one_token_in_ten_thousand_runs(part: int) -> None:
    dice = random.Random(part)
    for start in range(1000 * part, 1000 * (part + 1), 500):
        searches = []
        for number in range(start, start + 500):
            limit = Usage(*(dice.randint(0, 9) for _ in range(3)), calls=1)
            amounts = {
                "tokens": dice.randint(0, 300),
                "completion": dice.randint(0, 90),
                "calls": dice.randint(0, 20),
                "nodes": dice.randint(0, 40),
            }
            kept = [name for name in amounts if dice.random() < 0.4] or ["nodes"]
            budget = Budget(**{name: amounts[name] for name in kept})
            searches.append(begun(number, budget, limit))
        asyncio.run(run(searches, most=dice.choice([1, 3, 64])))
        for one in searches:
            assert one.fault is None and one.over
            assert within(one.meter.budget, total(one)), one.strategy
            assert one.meter.spent == total(one) and one.meter.reserved == Usage()


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_of_a_search_does_not_depend_on_how_many_requests_are_answered_at_once(name: str) -> None:
    first = NAMES.index(name)
    for number in (first, first + len(NAMES), first + 2 * len(NAMES)):
        outcomes = []
        for most in (1, 2, 5, 100):
            one = begun(number, Budget(tokens=900, nodes=60), Usage(5, 5, 5, 1))
            asyncio.run(run([one], most=most))
            outcomes.append((one.tree.text, one.tree.value, one.tree.visits, one.curve, one.log, one.refused))
        assert all(repr(outcome) == repr(outcomes[0]) for outcome in outcomes)


def test_searches_that_share_a_meter_keep_within_it_together() -> None:
    meter = Meter(Budget(tokens=500))
    searches = [begun(number, meter, Usage(3, 3, 3, 1)) for number in range(40)]
    asyncio.run(run(searches))
    spent = sum((total(one) for one in searches), Usage())
    assert 480 < spent.tokens <= 500 and meter.spent == spent


@pytest.mark.parametrize("name", NAMES)
def test_one_run_holds_the_answers_of_all_smaller_budgets(name: str) -> None:
    number = NAMES.index(name)
    free = begun(number, Budget(calls=40), Usage(calls=1))
    asyncio.run(run([free]))
    for calls in range(40):
        bound = begun(number, Budget(calls=calls), Usage(calls=1))
        asyncio.run(run([bound]))
        read = [point.node for point in free.curve if point.spent.calls <= calls][-1]
        assert bound.tree.text[: read + 1] == free.tree.text[: read + 1]
        assert bound.curve[-1].node == read


@pytest.mark.parametrize("nodes", [0, 1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_a_budget_of_hardly_any_node_ends_a_search_in_peace(name: str, nodes: int) -> None:
    one = begun(NAMES.index(name), Budget(nodes=nodes), Usage(calls=1))
    asyncio.run(run([one]))
    assert one.over and one.fault is None
    assert one.meter.spent.nodes == len(one.tree) - 1 <= nodes
    assert 0 <= one.strategy.best()[0] < len(one.tree) and len(one.strategy.best(3)) >= 1
    assert one.refused or nodes


class Liar(Anybody):
    """Uses one token more than it said."""

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        return [Result(result.texts, result.scores, Usage(11)) for result in await super().answer(cases)]


def test_an_answerer_that_uses_more_than_it_said_ends_the_search_and_is_booked() -> None:
    one = Search(PUZZLES[0], search.make("cot"), Liar(Usage(10)), budget=Budget(tokens=100))
    asyncio.run(run([one]))
    assert one.fault is not None and "11 tokens were used where at most 10" in str(one.fault)
    assert one.meter.spent.tokens == 11


class Faulty(Anybody):
    """Fails the third time it is asked."""

    async def answer(self, cases: Sequence[Case]) -> list[Any]:
        results = await super().answer(cases)
        return [Fault("the line is dead") if self.asked >= 3 else result for result in results]


def test_a_fault_ends_its_own_search_and_leaves_the_others_alone() -> None:
    faulty = Search(PUZZLES[0], search.make("tot_bfs"), Faulty(), Anybody())
    other = Search(PUZZLES[0], search.make("tot_bfs"), Anybody(), Anybody())
    asyncio.run(run([faulty, other]))
    assert "the line is dead" in str(faulty.fault) and faulty.over
    assert other.fault is None and len(other.tree) > 10


def test_a_score_outside_of_0_to_1_is_a_fault() -> None:
    class Generous(Anybody):
        async def answer(self, cases: Sequence[Case]) -> list[Result]:
            return [Result((), [20.0] * len(case.request.nodes)) for case in cases]

    one = Search(PUZZLES[0], search.make("tot_bfs"), Anybody(), Generous())
    asyncio.run(run([one]))
    assert "[0, 1]" in str(one.fault) and one.meter.reserved == Usage()


def test_a_request_that_does_not_fit_is_refused_only_when_nothing_is_under_way() -> None:
    class Modest(Anybody):
        async def answer(self, cases: Sequence[Case]) -> list[Result]:
            return [Result(["Answer: 1"], usage=Usage(completion=1)) for _ in cases]

    strategy = search.make({"name": "cot", "n": 9, "together": 9})
    one = Search(PUZZLES[0], strategy, Modest(Usage(completion=10)), budget=Budget(tokens=15))
    asyncio.run(run([one]))
    assert one.meter.spent.tokens == 6 and one.refused == 3  # a seventh might have used 10, and 9 are left


def test_the_request_ids_count_from_zero() -> None:
    one = begun(NAMES.index("tot_bfs"), None, Usage())
    asyncio.run(run([one]))
    assert [request.id for request, _ in one.log] == list(range(len(one.log)))
    assert isinstance(one.log[0][0], Request)
