"""Does the page of a tree show it, and run nothing that a thought says? In Chromium where there is one."""

from __future__ import annotations

import re

import pytest

from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.page import to_html
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.envs.tree.usage import Usage
from tests.pages import ATTACK, Tags, assert_loads_nothing, data, in_browser


def page() -> str:
    tree = ThoughtTree("Make 24 from 1, 4, 4, 6", (1, 4))
    tree.add(0, "4 * 6 = 24", value=0.9, author="proposer", usage=Usage(completion=7))
    tree.add(1, ATTACK, value=0.1, author=ATTACK, status=Status.DEAD)
    tree.back_up(2, 0.5)
    return to_html(tree, f"Title {ATTACK}", budget=Budget(nodes=10), spent=Usage(nodes=2, completion=9))


def test_the_data_on_the_page_are_the_trees() -> None:
    held = data(page())
    nodes = held["nodes"]
    assert isinstance(nodes, list) and [node["text"] for node in nodes][1:] == ["4 * 6 = 24", ATTACK]
    assert (nodes[1]["value"], nodes[1]["author"], nodes[1]["usage"]) == (
        0.9,
        "proposer",
        {"tokens": 7, "completion": 7},
    )
    assert held["limits"] == {"nodes": 10} and held["spent"] == {"tokens": 9, "completion": 9, "nodes": 2}


def test_no_thought_adds_a_tag_to_the_page() -> None:
    plain = to_html(ThoughtTree("root"))
    assert [tag for tag, _ in Tags(page()).found] == [tag for tag, _ in Tags(plain).found]


def test_the_page_loads_nothing_from_anywhere() -> None:
    assert_loads_nothing(page())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as Chromium has it after its script ran."""
    return in_browser(page(), tmp_path_factory.mktemp("page"))


def test_chromium_shows_every_thought(shown: str) -> None:
    assert len(re.findall(r'role="treeitem"', shown)) == 3 and "4 * 6 = 24" in shown


def test_chromium_shows_values_visits_authors_and_the_budget(shown: str) -> None:
    assert ">0.90<" in shown and ">1 visit<" in shown and ">proposer<" in shown and "2 of 10" in shown


def test_chromium_runs_nothing_that_a_thought_says(shown: str) -> None:
    assert "<title>pwned" not in shown and "<img" not in shown
