"""Does the page of a tree show it, and run nothing that a thought says? In Chromium where there is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.page import to_html
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.envs.tree.usage import Usage

ATTACK = "</script><script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">{{data}}\u2028"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Tags(HTMLParser):
    """Every tag of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page() -> str:
    tree = ThoughtTree("Make 24 from 1, 4, 4, 6", (1, 4))
    tree.add(0, "4 * 6 = 24", value=0.9, author="proposer", usage=Usage(completion=7))
    tree.add(1, ATTACK, value=0.1, author=ATTACK, status=Status.DEAD)
    tree.back_up(2, 0.5)
    return to_html(tree, f"Title {ATTACK}", budget=Budget(nodes=10), spent=Usage(nodes=2, completion=9))


def data(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    held: dict[str, object] = json.loads(found[1])
    return held


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
    tags = Tags(page()).found
    assert not [tag for tag in tags if {"src", "href", "action"} & tag[1].keys()]
    policy = next(dict(attributes)["content"] for tag, attributes in tags if "http-equiv" in attributes)
    assert policy is not None and policy.startswith("default-src 'none'")
    assert not re.search(r"https?:|fetch\(|import\(|XMLHttpRequest|innerHTML|eval\(", page().partition("<script>")[2])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as Chromium has it after its script ran."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("needs Chromium")
    folder = tmp_path_factory.mktemp("page")
    file = folder / "tree.html"
    file.write_text(page(), encoding="utf-8")
    return in_browser(browser, file, folder)


def in_browser(browser: str, file: Path, folder: Path) -> str:
    command = [
        browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=2000", "--dump-dom", file.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stdout


def test_chromium_shows_every_thought(shown: str) -> None:
    assert len(re.findall(r'role="treeitem"', shown)) == 3 and "4 * 6 = 24" in shown


def test_chromium_shows_values_visits_authors_and_the_budget(shown: str) -> None:
    assert ">0.90<" in shown and ">1 visit<" in shown and ">proposer<" in shown and "2 of 10" in shown


def test_chromium_runs_nothing_that_a_thought_says(shown: str) -> None:
    assert "<title>pwned" not in shown and "<img" not in shown
