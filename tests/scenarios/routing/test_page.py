"""Does the page of a report show it, with every question, and run nothing that a question says?"""

from __future__ import annotations

import dataclasses
import html
import re

import numpy as np
import pytest

from syllogym.envs.routing.routed import Routed
from syllogym.scenarios.routing.report import Report
from tests.pages import ATTACK, Tags, assert_loads_nothing, data, in_browser
from tests.scenarios.routing.made import routers, table

PLAIN = table(questions=120)


def report(question: str = "What is asked?", title: str = "Made up") -> Report:
    """A report whose first question is given, and one router that asks two models."""
    on = dataclasses.replace(PLAIN, questions=(question, *PLAIN.questions[1:]))
    some = {name: [dataclasses.replace(p, table=on) for p in own] for name, own in routers(PLAIN).items()}
    asked = np.zeros(on.quality.shape, dtype=np.bool_)
    asked[:, :2] = True
    some["cascade"] = [Routed("cascade", on, np.ones(len(on), dtype=np.int64), asked, np.full(len(on), 0.001))]
    return Report.of(some, "model-2", title=title, draws=100)


def test_the_data_on_the_page_are_the_reports() -> None:
    held, made = data(report().to_html()), report()
    assert held["findings"]["title"] == "Made up"
    assert held["questions"][0] == "What is asked?" and len(held["questions"]) == 120
    assert held["quality"] == PLAIN.quality.T.tolist()
    named = {(one["router"], one["setting"]) for one in held["decisions"]}
    assert named == {(one.name, point.name) for one in made.findings.routers for point in one.points}


def test_who_was_asked_is_there_for_every_question() -> None:
    decisions = next(one for one in data(report().to_html())["decisions"] if one["router"] == "cascade")
    assert decisions["ways"] == [[1, [0, 1]]] and decisions["way"] == [0] * 120
    assert decisions["extra"] == [0.001] * 120


def test_long_questions_are_cut_so_that_thousands_of_them_stay_light() -> None:
    held = data(report("word " * 2000).to_html())
    assert len(held["questions"][0]) == 240 and held["questions"][0].endswith("…")


def test_no_question_adds_a_tag_to_the_page() -> None:
    attacked = report(ATTACK, f"Title {ATTACK}").to_html()
    assert [tag for tag, _ in Tags(attacked).found] == [tag for tag, _ in Tags(report().to_html()).found]


def test_the_page_loads_nothing_from_anywhere() -> None:
    assert_loads_nothing(report(ATTACK).to_html())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as Chromium has it after its script ran."""
    return in_browser(report(ATTACK).to_html(), tmp_path_factory.mktemp("page"))


def test_chromium_draws_every_router_and_has_it_in_the_table(shown: str) -> None:
    assert len(re.findall(r'<path d="M[^"]+" fill="none" stroke="var\(--', shown)) >= 5
    body = re.search(r"<tbody>(.*?)</tbody>", shown, re.DOTALL)
    assert body is not None and len(re.findall("<tr", body[1])) == 8


def test_chromium_lists_questions_with_who_was_asked_and_what_it_cost(shown: str) -> None:
    assert len(re.findall(r'<div class="episode">', shown)) == 50
    assert "Show more (70 left)" in shown and re.search(r"120 of 120 questions · quality \d", shown)
    assert html.escape("</script><script>document.title", quote=False) in shown
    assert re.search(
        r'class="chip counts">model-\d <span class="mark (up|down)">[✓✗]</span> <span class="num">\$0', shown
    )


def test_chromium_runs_nothing_that_a_question_says(shown: str) -> None:
    assert "<title>pwned" not in shown and "<img" not in shown
