"""Does a league let its members be met as often as it says, and keep those that are worth meeting?"""

from __future__ import annotations

from collections import Counter

import pytest

from syllogym.agents.league import League, Weights


def league(weights: Weights, keep: int = 8) -> League[str]:
    """Three past selves, against which 0 of 1, 3 of 3 and 1 of 1 were won, and a scripted agent never met."""
    made: League[str] = League(weights, keep, ["silent"])
    for step in (0, 10, 20):
        made.admit(step, f"weights {step}")
    made.record([("past_self@0", 0.0), *[("past_self@10", 1.0)] * 3, ("past_self@20", 1.0)])
    return made


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("uniform", [1 / 4, 1 / 4, 1 / 4, 1 / 4]),
        ("recent", [1 / 8, 2 / 8, 3 / 8, 2 / 8]),
        # Shares won, with a draw beside them: 1/4, 7/8, 3/4, 1/2; what is left of them, squared: 36, 1, 4, 16 of 57.
        ("hardest", [36 / 57, 1 / 57, 4 / 57, 16 / 57]),
    ],
)
def test_the_weights_say_who_is_met_how_often(weights: Weights, expected: list[float]) -> None:
    chances = league(weights).chances()
    assert list(chances) == ["past_self@0", "past_self@10", "past_self@20", "silent"]
    assert list(chances.values()) == pytest.approx(expected)


def test_members_are_drawn_as_often_as_their_chances_say() -> None:
    drawn = Counter(league("recent").draw(f"task {number}") for number in range(4000))
    for name, chance in league("recent").chances().items():
        assert drawn[name] / 4000 == pytest.approx(chance, abs=0.03)


def test_the_same_task_draws_the_same_member() -> None:
    first, second = ([league("hardest").draw(f"task {number}") for number in range(50)] for _ in range(2))
    assert first == second and len(set(first)) > 1


@pytest.mark.parametrize(("weights", "left"), [("uniform", [10, 20, 30]), ("recent", [10, 20, 30])])
def test_the_oldest_leaves_where_nobody_is_known_to_be_easier(weights: Weights, left: list[int]) -> None:
    full = league(weights, keep=3)
    full.admit(30, "weights 30")
    assert list(full.past) == left


def test_the_easiest_leaves_where_the_hardest_are_wanted_and_its_results_are_forgotten() -> None:
    full = league("hardest", keep=3)
    full.admit(30, "weights 30")
    assert list(full.past) == [0, 20, 30]
    assert full.state_dict()["met"].keys() == {"past_self@0", "past_self@20"}


def test_a_newcomer_stays_however_few_are_kept() -> None:
    full = league("hardest", keep=1)
    full.record([("past_self@20", 0.0)] * 9)
    full.admit(30, "weights 30")
    assert full.past == {30: "weights 30"}


def test_a_result_counts_less_with_every_rollout() -> None:
    made = league("hardest")
    for _ in range(2):
        made.record([])
    assert made.share_won("past_self@10") == pytest.approx((3 * 0.81 + 0.5) / (3 * 0.81 + 1))
    for _ in range(200):
        made.record([])
    assert made.share_won("past_self@10") == pytest.approx(0.5, abs=1e-6)


def test_a_name_leads_to_the_past_self_and_to_nobody_for_a_scripted_agent() -> None:
    assert league("uniform").past_self("past_self@10") == "weights 10"
    assert league("uniform").past_self("silent") is None


def test_results_are_taken_up_again() -> None:
    made: League[str] = League("hardest", 8, ["silent"])
    made.load_state_dict(league("hardest").state_dict())
    assert made.share_won("past_self@10") == 7 / 8
