"""Is a cascade told what it needs, and paid for the answer it accepts, less what all of them cost?"""

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs import make
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError

TABLE = RoutingTable(
    "hand",
    (ModelCard("small"), ModelCard("middle"), ModelCard("large")),
    ("one?", "two?"),
    np.array([[0.0, 0.0, 1.0]] * 2),
    np.array([[0.001, 0.002, 0.01]] * 2),
    ("a", "b"),
    replies=np.array([["7", "8", "9"]] * 2, dtype=object),
)


def cascade(**options: object) -> object:
    env = make("routing/cascade", **{"table": TABLE, "verifier": 0.0, **options})
    env.reset(seed=0)
    return env


def test_an_answer_is_shown_with_the_verifiers_score() -> None:
    env = cascade()
    assert env.step("small")[0] == "small answers: 7\nThe verifier gives it 0.00."
    assert env.step("large")[0] == "large answers: 9\nThe verifier gives it 1.00."


def test_all_calls_are_paid_and_the_latest_answer_counts() -> None:
    env = cascade(weight=20.0)
    env.step("small")
    env.step("large")
    _, reward, terminated, _, info = env.step("accept")
    assert (reward, terminated) == (pytest.approx(1.0 - 20 * 0.011), True)
    assert info["counts"] == {"dollars": pytest.approx(0.011), "calls": 2.0, "unknown": 0.0}


def test_every_judgement_of_the_verifier_is_paid() -> None:
    env = cascade(check=0.003)
    env.step("large")
    assert env.step("accept")[4]["counts"]["dollars"] == pytest.approx(0.013)


def test_nothing_can_be_accepted_before_somebody_is_asked() -> None:
    env = cascade()
    assert env.offered("agent") == ("small", "middle", "large")
    told, reward, terminated, _, _ = env.step("accept")
    assert (told, reward, terminated) == ("Nobody is asked. Reply with one of: small, middle, large.", -0.1, False)


def test_nobody_is_asked_twice() -> None:
    env = cascade()
    env.step("small")
    assert env.offered("agent") == ("accept", "middle", "large")


def test_a_budget_is_never_exceeded() -> None:
    env = cascade(budget=0.0105)
    env.step("small")
    assert env.offered("agent") == ("accept", "middle")
    assert env.step("large")[1] == -0.1
    env.step("middle")
    assert env.offered("agent") == ("accept",)
    assert env.step("accept")[4]["counts"]["dollars"] == pytest.approx(0.003)


@pytest.mark.parametrize(("budget", "check"), [(0.0005, 0.0), (0.0012, 0.001)], ids=["model", "model-and-verifier"])
def test_a_budget_below_the_cheapest_model_is_refused(budget: float, check: float) -> None:
    with pytest.raises(UserError, match=r"the cheapest model costs up to 0\.00"):
        cascade(budget=budget, check=check)


def test_where_turns_run_out_the_latest_answer_counts() -> None:
    env = cascade(weight=0.0)
    env.step("large")
    for _ in range(3):
        assert env.step("nobody")[1] == -0.1
    _, reward, terminated, truncated, _ = env.step("nobody")
    assert (reward, terminated, truncated) == (pytest.approx(1.0 - 0.1), False, True)


def test_a_verifier_errs_as_often_as_it_is_said_to() -> None:
    env = make("routing/cascade", table=TABLE, verifier=0.25)
    wrong = 0
    for seed in range(400):
        env.reset(seed=seed)
        env.step("large")
        wrong += env.scores["large"] == 0.0
    assert wrong / 400 == pytest.approx(0.25, abs=0.07)


def test_without_a_verifier_the_experts_own_confidence_is_told() -> None:
    env = make("routing/cascade", verifier=None)
    env.reset(seed=0)
    assert "It gives itself 1.00." in env.step("sage")[0]


@pytest.mark.parametrize("options", [{"verifier": 1.5}, {"check": -1.0}], ids=["verifier", "check"])
def test_a_wrong_verifier_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(UserError, match=next(iter(options))):
        cascade(**options)


def test_the_solver_finds_the_best_end_from_anywhere() -> None:
    env = cascade()
    assert env.solve() == "large"
    env.step("middle")
    assert env.solve() == "large"
    env.step("large")
    assert env.solve() == "accept"


def test_it_is_a_gymnasium_environment() -> None:
    check_env(make("routing/cascade"), skip_render_check=True)
