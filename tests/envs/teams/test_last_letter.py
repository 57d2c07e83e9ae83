import random

import pytest

from syllogym.envs import make
from syllogym.envs.values import reward_parts


def begun(**options: object) -> object:
    env = make("teams/last_letter", words=3, **options)
    env.reset(seed=0)
    env.words = ["amy", "bob", "cat"]
    return env


def paid(solution: str, judged: str, **options: object) -> dict[str, dict[str, float]]:
    """What the verifier's reply pays each, by part."""
    env = begun(**options)
    env.step({"generator": solution})
    _, rewards, over, _, _ = env.step({"verifier": judged})
    assert over
    return {agent: reward_parts(reward) for agent, reward in rewards.items()}


def test_the_verifier_sees_each_line_beside_its_word() -> None:
    prompts, *_ = begun().step({"generator": "y\nyx"})
    assert str(prompts["verifier"]) == "amy y\nbob yx\ncat ?"


@pytest.mark.parametrize(
    ("solution", "labels"),
    [
        ("y\nyb\nybt", [True, True, True]),
        ("y\nyx\nyxt", [True, False, True]),
        ("y\nyx\nybt", [True, False, False]),
        ("y\nyb", [True, True]),
        ("y\nyb\nybt\nybt", [True, True, True, False]),
        ("", []),
    ],
    ids=["right", "one wrong", "not built on", "short", "long", "empty"],
)
def test_labels_say_which_lines_are_right(solution: str, labels: list[bool]) -> None:
    env = begun()
    env.step({"generator": solution})
    assert env.labels() == labels


def test_the_generator_is_paid_by_the_marks_of_its_steps_where_they_stand() -> None:
    env = begun()
    env.step({"generator": "y\nyx\n yxt"})
    _, rewards, *_ = env.step({"verifier": "y+ yb- ybt- -"})
    assert rewards["generator"].spans == ((0, 1, 1 / 3), (2, 4, -1 / 3), (6, 9, -1 / 3))


def test_marks_that_do_not_fit_the_steps_pay_the_generator_nothing() -> None:
    assert paid("y\nyb\nybt", "y+ yb+ +")["generator"] == {}


@pytest.mark.parametrize(
    ("judged", "correct", "form"),
    [
        ("y+ yb+ ybt+ +", 1.0, 0.8),
        ("y+ yb+ ybt+ -", 0.0, 0.8),
        ("+ + + +", 1.0, 0.4),
        ("y+ yb+ ybt+ and so +", 1.0, 0.4),
        ("+", 1.0, 0.0),
        ("", 0.0, 0.0),
        ("fine", 0.0, 0.0),
    ],
)
def test_the_verifier_is_paid_for_its_last_mark_and_its_form(judged: str, correct: float, form: float) -> None:
    assert paid("y\nyb\nybt", judged)["verifier"] == {"correct": correct, "form": form}


@pytest.mark.parametrize(
    ("judged", "accuracy"),
    [("y/y+ b/x- t/t+ +", 1.0), ("y/y+ b/b+ t/t+ +", 2 / 3), ("y/y+ b/x- -", 0.0), ("", 0.0)],
    ids=["all", "two", "too few marks", "no mark"],
)
def test_the_share_of_steps_judged_rightly_is_counted(judged: str, accuracy: float) -> None:
    env = begun()
    env.step({"generator": "y\nyx\nyxt"})
    env.step({"verifier": judged})
    assert env.counts == {"step_accuracy": accuracy}


def test_without_steps_nothing_is_counted() -> None:
    env = begun()
    env.step({"generator": ""})
    env.step({"verifier": "-"})
    assert env.counts == {}


def test_a_solver_who_slips_still_builds_on_what_it_wrote() -> None:
    env = begun()
    said = env.slip("generator", random.Random(1), 1.0).splitlines()
    assert [len(line) for line in said] == [1, 2, 3]
    assert said[2].startswith(said[1])
    assert said[1].startswith(said[0])


@pytest.mark.parametrize(
    ("solution", "judged"),
    [
        ("y\nyb\nybt", "y/y+ b/b+ t/t+ +"),
        ("y\nyx\nyxt", "y/y+ b/x- t/t+ -"),
        ("y\nyb", "y/y+ b/b+ -"),
        ("y\nyb\nybt\nybty", "y/y+ b/b+ t/t+ ?/y- -"),
        ("", "-"),
    ],
    ids=["right", "one wrong", "short", "long", "empty"],
)
def test_a_solver_judges_each_step_and_then_the_whole(solution: str, judged: str) -> None:
    env = begun()
    env.step({"generator": solution})
    assert env.solve("verifier") == judged


def test_the_marks_of_a_verifier_who_slips_follow_from_what_it_says() -> None:
    env = begun()
    env.step({"generator": "y\nyb\nybt"})
    *said, last = env.slip("verifier", random.Random(1), 1.0).split()
    assert [each[0] == each[2] for each in said] == [each[3] == "+" for each in said] != [True] * 3
    assert last == "-"
