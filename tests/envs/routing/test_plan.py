"""Are plans read as they are meant, and refused in words that help?"""

from __future__ import annotations

import pytest

from syllogym.envs.routing.plan import Plan, Step, cut, cuts, read_plan
from syllogym.envs.tree.actions import Refused

PRODUCT = "Here is my plan.\n- Step 1: 3+4\nstep 2: 5+6\nstep 3 (after 1, 2): [1]*[2]\nGood luck!"


def test_steps_are_read_and_other_lines_left_alone() -> None:
    assert read_plan(PRODUCT, 8) == Plan((Step("3+4"), Step("5+6"), Step("[1]*[2]", (0, 1))))


def test_a_plan_is_read_as_it_is_written() -> None:
    plan = read_plan(PRODUCT, 8)
    assert read_plan(str(plan), 8) == plan


def test_who_uses_a_result_waits_for_it_though_nobody_says_so() -> None:
    assert read_plan("step 1: 3+4\nstep 2: [1]*2", 8).steps[1].after == (0,)


def test_a_plan_is_a_graph() -> None:
    graph = read_plan(PRODUCT, 8).graph
    assert sorted(graph.edges) == [(0, 2), (1, 2)] and graph.nodes[0] == {"text": "3+4"}


def test_results_take_the_places_they_are_named_in() -> None:
    assert read_plan(PRODUCT, 8).text(2, {0: "7", 1: "11"}) == "7*11"


def test_a_result_that_is_missing_is_a_question_mark() -> None:
    assert read_plan(PRODUCT, 8).text(2, {0: "7"}) == "7*?"


def test_the_last_steps_are_those_that_nobody_waits_for() -> None:
    assert read_plan(PRODUCT, 8).sinks == [2]


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "No step was found"),
        ("step 1: a\nstep 3: b", "Number the steps"),
        ("step 1: a\nstep 1: b", "Number the steps"),
        ("step 1 (after 4): a", "after step 4, which is not there"),
        ("step 1 (after 1): a", "waits for itself"),
        ("step 1 (after 2): a\nstep 2 (after 1): b", "Steps 1, 2 wait for one another"),
        ("step 1: a\nstep 2: b\nstep 3: c\nstep 4: d", "up to 3"),
    ],
    ids=["empty", "a gap", "twice", "unknown", "itself", "circle", "too many"],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_with_the_reason(reply: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_plan(reply, 3)


def test_the_short_form_cuts_a_sum() -> None:
    assert cut("3*4|7+8", "3*4+7+8") == Plan((Step("3*4"), Step("7+8")))


@pytest.mark.parametrize("reply", ["3*4|7", "3*4||7+8", "3|4+7+8", "", "(3|4)*5+7"])
def test_a_cut_that_is_not_the_sum_is_refused(reply: str) -> None:
    with pytest.raises(Refused, match="in the place of"):
        cut(reply, "(3+4)*5+7" if "(" in reply else "3*4+7+8")


def test_every_cut_is_listed_and_none_inside_brackets() -> None:
    assert cuts("(1+2)*3+4+5") == ["(1+2)*3+4+5", "(1+2)*3+4|5", "(1+2)*3|4+5", "(1+2)*3|4|5"]
