import json
import random

import pytest

from syllogym.envs.tree.forked import ForkedTask
from syllogym.envs.tree.search import begin
from syllogym.envs.tree.search_task import SearchTask
from syllogym.envs.tree.tasks import open_task
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.envs.tree.tree_json import from_json, to_json
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError


def searched(name: str) -> tuple[ThoughtTree, SearchTask[object]]:
    """A tree that a short search grew, with every column in use."""
    session = begin(random.Random(4), name, None, {"nodes": 9})
    for _ in range(3):
        session.expand(len(session.tree) - 1 if session.can_grow(len(session.tree) - 1) else 0, 3)
    session.evaluate(1, 0.25)
    session.tree.charge(2, Usage(prompt=3, money=0.5))
    session.tree.mark(2, Status.DEAD)
    session.tree.also.append((1, 2, "another way"))
    return session.tree, session.task


@pytest.mark.parametrize("name", ["tree/sudoku", "tree/alphametics", "tree/prosqa", "tree/coloring"])
def test_a_tree_of_plain_states_is_read_back_as_it_was(name: str) -> None:
    tree, _ = searched(name)
    assert from_json(to_json(tree)) == tree


@pytest.mark.parametrize("name", ["math/game24", "tree/blocksworld", "games/nim"])
def test_other_states_are_thought_again_by_the_task(name: str) -> None:
    tree, task = searched(name)
    assert from_json(to_json(tree, states=False), task) == tree


def test_a_state_that_json_cannot_hold_is_refused_with_the_way_out() -> None:
    tree, _ = searched("math/game24")
    with pytest.raises(UserError, match=r"state of node 0 is a Reached.*states=False"):
        to_json(tree)


def test_an_illegal_thought_has_no_state_when_it_is_thought_again() -> None:
    task = open_task("games/nim", 0)
    tree = ThoughtTree(task.prompt, task.root())
    tree.add(0, "nonsense", status=Status.DEAD)
    tree.add(1, "below nonsense")
    assert from_json(to_json(tree, states=False), task).state[1:] == [None, None]


def test_it_is_json_without_nan() -> None:
    text = to_json(ThoughtTree("root"))
    json.loads(text, parse_constant=lambda word: pytest.fail(word))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "else"}', to_json(ThoughtTree("r")).replace('"visits": [0]', '"visits": []')]
)
def test_what_is_no_tree_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no thought tree"):
        from_json(text)


def test_a_parent_that_comes_later_is_refused() -> None:
    tree = ThoughtTree("r")
    tree.add(0, "a")
    with pytest.raises(UserError, match="node 1 has the parent 1"):
        from_json(to_json(tree).replace('"parent": [-1, 0]', '"parent": [-1, 1]'))


def test_a_fork_is_a_state_that_is_thought_again() -> None:
    assert isinstance(open_task("games/nim", 0), ForkedTask)
