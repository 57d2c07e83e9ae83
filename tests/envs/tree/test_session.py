import random
from typing import Any

import pytest

from syllogym.envs.tree.actions import Refused
from syllogym.envs.tree.search import begin
from syllogym.envs.tree.session import Session
from syllogym.envs.tree.thought_tree import Status
from syllogym.errors import UserError


def session(nodes: int = 9, seed: int = 0, task: str = "math/game24") -> Session:
    return begin(random.Random(seed), task, None, {"nodes": nodes})


def test_a_proposed_thought_is_a_node_and_the_place_to_go_on_from() -> None:
    search = session()
    (move, *_) = search.task.moves(search.task.root()) or ()
    assert search.propose(move) == search.cursor == 1
    assert search.meter.spent.nodes == 1 and search.tree.author[1] == "agent"


def test_a_state_that_is_known_makes_no_node_and_costs_none() -> None:
    search = session()
    (move, *_) = search.task.moves(search.task.root()) or ()
    search.propose(move)
    assert search.propose(move, 0) == 1 and search.meter.spent.nodes == 1


def test_a_refused_action_changes_nothing() -> None:
    search = session()
    search.expand(0, 2)
    before = (len(search.tree), search.cursor, search.meter.spent, list(search.tree.status))
    for action in (
        lambda: search.propose("1 + 1 = 3"),
        lambda: search.propose("x", 99),
        lambda: search.backtrack(0),
        lambda: search.answer(None, 1),
        lambda: search.cut(0),
        lambda: search.evaluate(77),
    ):
        with pytest.raises(Refused):
            action()
    assert before == (len(search.tree), search.cursor, search.meter.spent, list(search.tree.status))


def test_no_more_nodes_are_added_than_the_budget_has() -> None:
    search = session(nodes=3)
    assert search.expand(0, 10) == [1, 2, 3]
    with pytest.raises(Refused, match="no node left"):
        search.expand(1, 1)


def test_a_node_that_has_no_more_moves_is_expanded() -> None:
    search = session(nodes=60)
    search.expand(0, 100)
    assert search.tree.status[0] == Status.EXPANDED and search.expand(0, 5) == []


def test_expanding_again_brings_other_thoughts() -> None:
    search = session(nodes=8)
    first, second = search.expand(0, 2), search.expand(0, 2)
    assert len({search.tree.text[node] for node in first + second}) == 4


def test_pruning_on_the_way_back_cuts_off_the_branch_that_is_left() -> None:
    search = session(nodes=20)
    search.expand(0, 3)
    (deep,) = search.expand(2, 1)
    search.backtrack(deep)
    search.backtrack(0, prune=True)
    assert [search.live(node) for node in (1, 2, 3, deep)] == [True, False, True, False]
    with pytest.raises(Refused, match="Node 2 is pruned"):
        search.expand(2, 1)


def test_a_way_into_a_pruned_branch_is_refused() -> None:
    search = session(nodes=20)
    (node,) = search.expand(0, 1)
    search.cut(node)
    with pytest.raises(Refused, match=f"leads to node {node}, which is pruned"):
        search.propose(search.tree.text[node], 0)


def test_only_a_branch_that_is_left_can_be_pruned_on_the_way() -> None:
    search = session(nodes=20)
    search.expand(0, 2)
    search.backtrack(1)
    with pytest.raises(Refused, match="Node 2 is not above node 1"):
        search.backtrack(2, prune=True)


def test_who_stands_in_a_branch_that_is_cut_goes_above_it() -> None:
    search = session(nodes=20)
    search.expand(0, 2)
    search.expand(2, 1)
    search.backtrack(3)
    search.cut(2)
    assert search.cursor == 0


def test_the_advice_ends_at_a_score_of_one() -> None:
    search = session(nodes=9, seed=5)
    for _ in range(4):
        advice = search.advice()
        if hasattr(advice, "text") and advice.text is not None:
            search.propose(advice.text, advice.node)
        else:
            assert search.answer(None, advice.node) == 1.0
            return
    pytest.fail("three thoughts are enough for four numbers")


@pytest.mark.parametrize(
    ("budget", "told"),
    [({"node": 3}, "Did you mean nodes"), ({"nodes": -1}, "0 or more"), ({"nodes": "x"}, "is a number")],
)
def test_a_budget_that_is_none_is_refused(budget: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        begin(random.Random(0), "math/game24", None, budget)


def test_a_search_is_not_searched() -> None:
    with pytest.raises(UserError, match="name another task"):
        begin(random.Random(0), "tree/search")
