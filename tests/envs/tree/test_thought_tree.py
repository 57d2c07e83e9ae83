import copy
import random
from math import nan
from typing import Any

import networkx as nx
import pytest

from syllogym.envs.tree.thought_tree import COLUMNS, Status, ThoughtTree
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError


def small() -> ThoughtTree:
    """A root with nodes 1 and 2, and 3 below 1."""
    tree = ThoughtTree("root", "r")
    tree.add(0, "a", state="a", value=0.5, usage=Usage(completion=3))
    tree.add(0, "b", state="b")
    tree.add(1, "c", state="c", usage=Usage(completion=4, calls=1))
    return tree


def change(tree: ThoughtTree, dice: random.Random) -> None:
    """Do anything to a tree that its methods can do."""
    node = dice.randrange(len(tree))
    what = dice.randrange(6)
    if what == 0:
        tree.add(node, f"thought {len(tree)}", state=dice.randrange(60), merge=True, usage=Usage(calls=1))
    elif what == 1:
        tree.judge(node, dice.random())
    elif what == 2:
        tree.mark(node, dice.choice(list(Status)))
    elif what == 3:
        tree.charge(node, Usage(completion=dice.randrange(9)))
    elif what == 4:
        tree.back_up(node, dice.random())
    else:
        tree.add(node, "again", state=None)


def contents(tree: ThoughtTree) -> Any:
    return copy.deepcopy(
        ([getattr(tree, name) for name in COLUMNS], tree.children, tree.also, sorted(tree.graph.edges))
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_rollback_restores_every_column_exactly(seed: int) -> None:
    dice, tree = random.Random(seed), ThoughtTree("root", 0)
    for _ in range(40):
        change(tree, dice)
    marks = []
    for _ in range(4):
        marks.append((tree.checkpoint(), contents(tree)))
        for _ in range(50):
            change(tree, dice)
    for mark, before in reversed(marks):
        for _ in range(2):  # it stays held for further tries
            tree.rollback(mark)
            assert str(contents(tree)) == str(before)
            for _ in range(20):
                change(tree, dice)


def test_a_state_that_a_rollback_took_is_found_no_more() -> None:
    tree = small()
    mark = tree.checkpoint()
    tree.add(2, "d", state="d", merge=True)
    tree.rollback(mark)
    assert tree.find("d") is None and tree.find("c") == 3


def test_what_was_changed_stays_when_a_mark_is_released() -> None:
    tree = small()
    mark = tree.checkpoint()
    tree.judge(2, 0.25)
    tree.release(mark)
    assert tree.value[2] == 0.25


def test_a_mark_that_is_not_held_is_refused() -> None:
    tree = small()
    mark, later = tree.checkpoint(), tree.checkpoint()
    tree.rollback(mark)
    with pytest.raises(UserError, match=f"does not hold the mark {later}"):
        tree.rollback(later)


def test_without_a_mark_there_is_nothing_to_go_back_to() -> None:
    with pytest.raises(UserError, match="holds no mark"):
        small().rollback(1)


def test_a_state_reached_again_keeps_its_first_node_and_both_ways() -> None:
    tree = small()
    assert tree.add(2, "another way", state="c", merge=True) == 3
    assert (len(tree), tree.parent[3], tree.also) == (4, 1, [(2, 3, "another way")])


def test_a_state_is_found_however_its_node_was_added() -> None:
    tree = small()
    assert tree.find("c") == 3
    tree.add(2, "d", state="d")
    assert tree.find("d") == 4 and tree.find("e") is None


def test_states_are_kept_apart_unless_merging_is_asked_for() -> None:
    tree = small()
    assert tree.add(2, "another way", state="c") == 4


def test_a_visit_counts_at_a_node_and_all_above_it() -> None:
    tree = small()
    tree.back_up(3, 0.5)
    tree.back_up(2, 1.0)
    assert tree.visits == [2, 1, 1, 1] and tree.total == [1.5, 0.5, 1.0, 0.5]


def test_what_a_branch_used_is_the_sum_of_its_nodes() -> None:
    tree = small()
    assert tree.spent(1) == Usage(completion=7, calls=1) and tree.spent(2) == Usage()


def test_nodes_below_come_before_their_children_in_order() -> None:
    assert list(small().below()) == [0, 1, 3, 2]


def test_the_graph_has_the_columns_as_attributes() -> None:
    tree = small()
    assert isinstance(tree.graph, nx.DiGraph)
    assert tree.graph.nodes[1]["text"] == "a" and tree.graph.nodes[1]["value"] == 0.5
    assert list(tree.graph.edges) == [(0, 1), (0, 2), (1, 3)]


def test_the_graph_is_one_object_that_follows_the_tree() -> None:
    tree = small()
    graph = tree.graph
    tree.add(2, "another way", state="c", merge=True)
    tree.add(2, "d")
    tree.judge(1, 0.75)
    assert tree.graph is graph
    assert graph.nodes[1]["value"] == 0.75 and graph.edges[2, 3]["merged"] and not graph.edges[2, 4]["merged"]


def test_the_graph_follows_a_rollback_to_other_nodes_of_the_same_numbers() -> None:
    tree = small()
    mark = tree.checkpoint()
    tree.add(3, "x")
    assert list(tree.graph.edges)[-1] == (3, 4)
    tree.rollback(mark)
    tree.add(0, "y")
    assert tree.graph.nodes[4]["text"] == "y" and not tree.graph.has_edge(3, 4)


def test_trees_are_equal_by_what_they_hold() -> None:
    one, other = small(), small()
    one.judge(2, float("nan"))
    assert one == other
    other.judge(2, 0.5)
    assert one != other and one != "a tree"


def test_a_node_without_a_value_has_nan() -> None:
    assert repr(small().value) == repr([nan, 0.5, nan, nan])
