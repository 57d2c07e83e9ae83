import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs import make
from syllogym.envs.selection.examples import gain
from syllogym.errors import UserError


def returns(choose: Callable[[Any], str], **options: Any) -> list[float]:
    """Play 200 instances; return what each paid."""
    env = make("selection/examples", **options)
    earned = []
    for seed in range(200):
        env.reset(seed=seed)
        total = 0.0
        while not env.over:
            total += env.step(choose(env))[1]
        earned.append(total)
    return earned


def wasted(env: Any) -> str:
    """Choose an example of another colour than the question's."""
    return next(line for line in env.choices("agent") if line.split()[0] != env.asked.kind)


def related(env: Any) -> str:
    """Choose an example of the question's colour."""
    return next(line for line in env.choices("agent") if line.split()[0] == env.asked.kind)


def test_which_examples_are_shown_decides_whether_the_solver_is_right() -> None:
    assert sum(returns(related)) == 200
    assert sum(returns(wasted)) < 40


def test_without_examples_the_solver_is_never_right() -> None:
    assert sum(returns(lambda env: "answer")) == 0


def test_the_reference_solver_shows_no_more_than_it_must() -> None:
    paid = returns(lambda env: env.solve(), price=0.1)
    assert {round(value, 9) for value in paid} == {0.8, 0.9}


def test_a_reply_that_names_no_example_is_refused_and_shows_nothing() -> None:
    env = make("selection/examples")
    first, _ = env.reset(seed=0)
    told, _, _, _, info = env.step("red 99 -> 100")
    assert (told, info["reward"]) == (first, {"illegal": -0.1})


def test_a_shown_example_is_not_offered_again() -> None:
    env = make("selection/examples", shown=3)
    env.reset(seed=0)
    first = env.choices("agent")[0]
    env.step(first)
    assert first not in env.choices("agent")


def test_hidden_labels_are_revealed_when_they_are_shown() -> None:
    env = make("selection/examples", labelled=False)
    first, _ = env.reset(seed=0)
    choice = env.choices("agent")[0]
    assert not any("->" in line and not line.endswith("?") for line in first.splitlines())
    told, *_ = env.step(choice)
    assert str(env.shown[0]) in told.splitlines()[1]


def test_another_solver_may_answer() -> None:
    env = make("selection/examples")
    env.reset(seed=0)
    heard: list[tuple[Sequence[str], str]] = []

    def solver(shown: Sequence[str], question: str) -> str:
        heard.append((shown, question))
        return f" {env.asked.answer}\n"

    env.solver = solver
    choice = env.choices("agent")[0]
    assert env.step(choice)[1] == 1.0
    assert heard == [([choice], env.asked.question)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kinds": 7}, "kinds is a whole number from 1 to 6"),
        ({"pool": 5}, "pool is a whole number from 6 to 54"),
        ({"shown": 1}, "shown is a whole number from 2 to 8"),
        ({"price": -1}, "price is the cost of one example, from 0 to 1; not -1"),
    ],
)
def test_an_option_out_of_range_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        make("selection/examples", **options).reset(seed=0)


def test_gains_match_the_vector(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "test_vectors.json").read_text())["vectors"]
    case = next(one for one in vectors if one["id"] == "active_icl_reward")
    steps = case["inputs"]["accuracy_trajectory"]
    gains = [gain(before, after, case["params"]["cost"]) for before, after in pairwise(steps)]
    assert gains == pytest.approx(case["expected"]["rewards"], abs=case["tol"])
    assert sum(gains) == pytest.approx(case["expected"]["return"], abs=case["tol"])
