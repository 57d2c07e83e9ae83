"""Is whoever names an expert paid for the answer, less its cost?"""

import pickle

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs import make
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.exam import EXPERTS
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError

TABLE = RoutingTable(
    "hand",
    (ModelCard("small", description="Quick."), ModelCard("large", call_price=0.01)),
    tuple(f"question {i}" for i in range(40)),
    np.tile([[0.0, 1.0], [1.0, 1.0]], (20, 1)),
    np.tile([[0.001, 0.01]], (40, 1)),
    ("a",) * 40,
)


def test_the_prompt_has_the_question_and_every_card() -> None:
    prompt, _ = make("routing/one_shot", table=TABLE).reset(seed=0)
    assert prompt.startswith("question ")
    assert "- small: free. Quick." in prompt
    assert "- large: $0.01 a call." in prompt


def test_an_answer_is_paid_its_quality_less_its_cost() -> None:
    env = make("routing/one_shot", table=TABLE, weight=20.0)
    env.reset(seed=0)
    _, reward, terminated, _, info = env.step("large")
    assert (reward, terminated) == (pytest.approx(1.0 - 20 * 0.01), True)
    assert info["counts"] == {"dollars": 0.01, "calls": 1.0, "unknown": 0.0}
    assert info["asked"] == ["large"]


@pytest.mark.parametrize("reply", ["larg", "small or large", "", "SMALL", "\ud800"])
def test_a_reply_that_names_nobody_is_counted_and_costs_what_is_configured(reply: str) -> None:
    env = make("routing/one_shot", table=TABLE, unknown=0.3)
    env.reset(seed=0)
    _, reward, terminated, _, info = env.step(reply)
    assert (reward, terminated, info["counts"]["unknown"]) == (-0.3, True, 1.0)
    assert info["reward"]["illegal"] == -0.3


@pytest.mark.parametrize("reply", [" small\n", '"small"', "`small`.", "**small**"])
def test_quotes_and_stops_do_not_hide_a_name(reply: str) -> None:
    env = make("routing/one_shot", table=TABLE)
    env.reset(seed=0)
    assert env.step(reply)[4]["asked"] == ["small"]


def test_who_cannot_be_paid_cannot_be_asked() -> None:
    env = make("routing/one_shot", table=TABLE, budget=0.005)
    env.reset(seed=0)
    assert env.offered("agent") == ("small",)
    assert env.step("large")[4]["counts"] == {"dollars": 0.0, "calls": 0.0, "unknown": 1.0}


def test_a_budget_below_the_cheapest_model_is_refused_with_its_cost() -> None:
    with pytest.raises(UserError, match=r"0\.0005 dollars.*the cheapest model costs up to 0\.001"):
        make("routing/one_shot", table=TABLE, budget=0.0005).reset(seed=0)


def test_the_reference_solver_asks_the_cheapest_who_is_right() -> None:
    env = make("routing/one_shot", table=TABLE)
    for seed in range(8):
        env.reset(seed=seed)
        expected = "large" if env.routing.question.row % 2 == 0 else "small"
        assert env.solve() == expected
        assert env.step(expected)[1] == pytest.approx(env.max_return)


def test_without_a_table_every_expert_is_worth_asking_sometimes() -> None:
    env = make("routing/one_shot")
    best = set()
    for seed in range(60):
        env.reset(seed=seed)
        best.add(env.solve())
    assert best == {script.card.name for script in EXPERTS}


def test_a_snapshot_names_a_table_that_was_described_instead_of_holding_it(tmp_path: object) -> None:
    env = make("routing/one_shot")
    env.reset(seed=0)
    assert len(env.snapshot()) < 10_000
    assert pickle.loads(pickle.dumps(env.routing.exam)) is env.routing.exam


def test_forks_share_the_table() -> None:
    env = make("routing/one_shot", table=TABLE)
    env.reset(seed=0)
    assert env.fork().routing.exam.table is TABLE


def test_it_is_a_gymnasium_environment() -> None:
    check_env(make("routing/one_shot"), skip_render_check=True)
