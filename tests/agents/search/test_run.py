"""Do searches run the same whether those who answer have to be waited for or not?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from syllogym.agents import search
from syllogym.agents.search.oracle import OracleEvaluator, OracleProposer
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.run import run, run_all
from syllogym.agents.search.search import Search
from tests.agents.search.numbers import Numbers


class Waiting(OracleEvaluator):
    """Has to be waited for."""

    async def answer(self, cases: Sequence[Case]) -> list[Result]:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().answer(cases)


def begun(judge: OracleEvaluator, seed: int = 0) -> Search:
    return Search(Numbers("4 5 6 10"), search.make("tot_bfs"), OracleProposer(error=0.3), judge, seed=seed)


def outcome(one: Search) -> str:
    return repr((one.tree.text, one.tree.value, one.curve, one.log))


def test_who_answers_at_once_needs_no_event_loop() -> None:
    async def inside_of_one() -> Search:
        one = begun(OracleEvaluator())
        run_all([one])  # asyncio would refuse a second loop here
        return one

    one = asyncio.run(inside_of_one())
    other = begun(OracleEvaluator())
    asyncio.run(run([other]))
    assert one.over and len(one.tree) > 10 and outcome(one) == outcome(other)


def test_who_has_to_be_waited_for_is_asked_beside_who_has_not() -> None:
    searches = [begun(judge, seed) for judge in (Waiting(), OracleEvaluator()) for seed in range(3)]
    run_all(searches)
    assert [outcome(one) for one in searches[:3]] == [outcome(one) for one in searches[3:]]


def test_fewer_answers_than_questions_are_an_error() -> None:
    class Silent(OracleEvaluator):
        def answer(self, cases: Sequence[Case]) -> list[Result]:
            return super().answer(cases)[:-1]

    with pytest.raises(ValueError, match="shorter"):
        run_all([begun(Silent())])


@pytest.mark.parametrize("seed", range(5))
def test_saving_is_called_after_every_round_that_had_something_told(seed: int) -> None:
    one, rounds = begun(OracleEvaluator(), seed), list[int]()
    run_all([one], after=lambda: rounds.append(len(one.log)))
    assert rounds == sorted(set(rounds)) and rounds[-1] == len(one.log)


def test_what_is_known_takes_no_round_and_is_saved_all_the_same() -> None:
    strategy = search.make({"name": "ab_mcts", "of": "thoughts", "generations": 60, "enough": 2.0})
    one, saved = Search(Numbers("1 1"), strategy, OracleProposer(), OracleEvaluator()), list[int]()
    run_all([one], after=lambda: saved.append(len(one.log)))
    judged = sum(put.kind == "value" and put.nodes != () for put, _ in one.log)
    assert 0 < judged < 20 and saved[-1] == len(one.log) == 120
    assert len(saved) == 60 + judged + (not one.log[-1][0].nodes)
