"""Does each strategy do what it is known for, and does a wrong option say what is right?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from syllogym.agents import search
from syllogym.agents.search.oracle import OracleEvaluator, OracleProposer
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.run import run
from syllogym.agents.search.run import search as run_search
from syllogym.agents.search.search import Search
from syllogym.agents.search.verifier import Verifier
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.thought_tree import Status
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UnknownName, UnknownOption, UserError
from tests.agents.search.numbers import Numbers

PUZZLE = Numbers("4 5 6 10")


class Said:
    """Answers what it is told to answer, one after the other; judges by a table."""

    together = True

    def __init__(self, *answers: str, worth: dict[str, float] | None = None) -> None:
        self.answers, self.worth, self.asked = list(answers), worth or {}, list[Case]()

    def most(self, case: Case) -> Usage:
        return NOTHING

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        self.asked += cases
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        if case.request.kind in ("value", "judge"):
            return Result((), [self.worth[case.tree.text[node].split()[-1]] for node in case.request.nodes])
        return Result([f"Answer: {self.answers.pop(0)}" for _ in range(case.request.n)])


def searched(name: str, said: Said, **options: Any) -> Search:
    one = Search(PUZZLE, search.make({"name": name, **options}), said, said)
    asyncio.run(run([one]))
    return one


@pytest.mark.parametrize("name", search.names())
def test_every_strategy_finds_the_answer_with_those_who_know_it(name: str) -> None:
    one = run_search(PUZZLE, search.make(name), OracleProposer(), OracleEvaluator())
    assert one.answer is not None and PUZZLE.score(one.answer) == 1.0
    assert one.answer_of(one.strategy.best(3)[0]) == one.answer


def test_most_of_the_answers_win_and_numbers_of_one_value_are_one() -> None:
    one = searched("self_consistency", Said("7", "8", "8.0", "9"), n=4)
    assert one.answer == "8" and [one.answer_of(node) for node in one.strategy.best(4)] == ["8", "7", "9", "8.0"]


def test_the_best_of_n_is_the_one_judged_best_the_first_of_equals() -> None:
    one = searched("best_of_n", Said("1", "2", "3", worth={"1": 0.1, "2": 0.7, "3": 0.7}), n=3)
    assert one.answer == "2"


def test_reflexion_ends_with_the_first_answer_that_is_good_enough() -> None:
    said = Said("1", "2", "3", "4", worth={"1": 0.1, "2": 0.6, "3": 0.9})
    one = searched("reflexion", said, tries=4, enough=0.8)
    assert one.answer == "3" and len(said.answers) == 1
    assert one.tree.parent[1:] == [0, 1, 2]  # each sees the ones before it


def test_a_debate_ends_with_what_most_say_in_the_last_round() -> None:
    said = Said("1", "1", "2", "3", "2", "2")
    one = searched("debate", said, rounds=2)
    assert one.answer == "2"
    refined = [case.request.nodes for case in said.asked if case.request.kind == "refine"]
    assert refined == [(1, 2, 3), (2, 1, 3), (3, 1, 2)]


def test_self_refine_leaves_an_answer_alone_that_has_enough_children_one_of_them_better() -> None:
    worth = {"1": 0.5, "2": 0.1, "3": 0.6, "4": 0.1, "5": 0.2, "6": 0.2}
    one = searched("mctsr", Said("1", "2", "3", "4", "5", "6", worth=worth), rewrites=5, branch=2, explore=0.0)
    assert one.answer == "3"
    assert len(one.tree.children[1]) <= 2


def test_depth_first_search_turns_back_where_nothing_can_come() -> None:
    one = run_search(PUZZLE, search.make({"name": "tot_dfs", "n": 40}), OracleProposer(), OracleEvaluator())
    assert one.answer is not None and Status.PRUNED in one.tree.status
    assert all(not one.tree.children[node] for node, seen in enumerate(one.tree.status) if seen is Status.PRUNED)


def test_a_state_is_judged_once_however_often_it_is_reached() -> None:
    one = run_search(
        Numbers("6 6 6 6"),
        search.make({"name": "tot_bfs", "once": False, "n": 40}),
        OracleProposer(),
        OracleEvaluator(),
    )
    judged = sum(len(put.nodes) for put, _ in one.log if put.kind == "value")
    assert one.opinions.hits > 0
    assert judged == len({state for at, state in enumerate(one.tree.state) if one.tree.value[at] >= 0})


def test_waves_of_simulations_find_different_leaves() -> None:
    one = run_search(
        PUZZLE,
        search.make({"name": "mcts_uct", "parallel": 8, "simulations": 40, "enough": 2.0}),
        OracleProposer(),
        OracleEvaluator(noise=0.3),
    )
    widened = [put.nodes for put, _ in one.log if put.kind == "propose"]
    assert len(widened) == len(set(widened)) > 20
    assert one.tree.visits[0] == sum(one.tree.visits[child] for child in one.tree.children[0])


def test_several_models_share_the_work_and_the_better_one_gets_more_of_it() -> None:
    class Poor(OracleProposer):
        def _moves(self, *args: Any) -> list[str]:
            return super()._moves(*args)[1:]

    models = {"good": OracleProposer(), "poor": OracleProposer(error=1.0)}
    strategy = search.make({"name": "ab_mcts", "agents": ["good", "poor"], "generations": 60, "enough": 2.0})
    one = run_search(PUZZLE, strategy, models, Verifier())
    assert one.tree.author.count("good") > 2 * one.tree.author.count("poor") > 0


def test_a_model_that_nobody_gave_is_named() -> None:
    with pytest.raises(UserError, match="asks 'x', and the proposers are y"):
        run_search(PUZZLE, search.make({"name": "ab_mcts", "agents": ["x"]}), {"y": OracleProposer()}, Verifier())


def test_a_strategy_that_judges_wants_an_evaluator() -> None:
    with pytest.raises(UserError, match="give the search an evaluator"):
        run_search(PUZZLE, search.make("tot_bfs"), OracleProposer())


@pytest.mark.parametrize(
    ("spec", "error", "says"),
    [
        ("tot_bsf", UnknownName, r"no search strategy 'tot_bsf'\. Did you mean tot_bfs"),
        ({"name": "tot_bfs", "widht": 2}, UnknownOption, r"'tot_bfs' takes .*; not widht\. Did you mean width"),
        ({"name": "beam", "width": 0}, UserError, r"beam\.width is at least 1; not 0"),
        ({"name": "mcts_uct", "explore": -1.0}, UserError, r"mcts_uct\.explore is at least 0"),
        ({"name": "best_of_n", "by": "luck"}, UserError, r"best_of_n\.by: .*'judge' or 'vote'"),
        ({"width": 2}, UserError, "Which search strategy"),
    ],
)
def test_a_wrong_option_says_what_is_right(spec: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        search.make(spec)


def test_nodes_are_a_budget_too() -> None:
    one = run_search(PUZZLE, search.make("mcts_puct"), OracleProposer(), OracleEvaluator(), budget=Budget(nodes=20))
    assert len(one.tree) - 1 <= 20
