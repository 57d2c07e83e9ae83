"""Does each router learn what is to be learnt, from the training part alone, and the same again from the same seed?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syllogym.agents import routing
from syllogym.agents.routing import choose
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError
from tests.agents.routing.made_up import COSTS, sums_and_poems

TRAIN, TEST = sums_and_poems().split()
QUICK: dict[str, dict[str, Any]] = {
    "ensemble": {"of": ["knn", "tfidf_ridge"]},
    "policy_bandit": {"asks": 30, "dimensions": 8, "width": 16},
    "value_bandit": {"asks": 10, "dimensions": 8, "width": 16},
    "mlp": {"dimensions": 8, "width": 16, "epochs": 15},
    "matrix_factorisation": {"dimensions": 8, "epochs": 25},
}
LEARNERS = (
    "by_family",
    "ensemble",
    "knn",
    "matrix_factorisation",
    "mlp",
    "policy_bandit",
    "prompt_length",
    "tfidf_ridge",
    "value_bandit",
)


def fitted(name: str, train: RoutingTable = TRAIN, seed: int = 0, **options: Any) -> Any:
    made = routing.make({"name": name, **QUICK.get(name, {}), **options})
    made.fit(train, seed)
    return made


def routed(name: str, at: float = 0.0, **options: Any) -> Routed:
    made = fitted(name, **options)
    choice = choose.at_price(made.expect(TEST.questions), np.array(COSTS), at)
    return Routed.one_each(name, TEST, choice)


@pytest.mark.parametrize("name", sorted(set(routing.names()) - {"oracle"}))
def test_a_router_expects_a_number_of_every_model_for_every_question(name: str) -> None:
    expected = fitted(name).expect(TEST.questions)
    assert expected.shape == TEST.quality.shape and np.isfinite(expected).all()


@pytest.mark.parametrize("name", sorted(set(routing.names()) - {"oracle"}))
def test_the_same_seed_expects_the_same(name: str) -> None:
    first, second = (fitted(name, seed=3).expect(TEST.questions) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("name", routing.names())
def test_a_router_that_was_not_fitted_says_so(name: str) -> None:
    with pytest.raises(UserError, match=f"The router {name} has not been fitted"):
        routing.make(name).expect(["Why?"])


@pytest.mark.parametrize("name", LEARNERS)
def test_a_router_learns_that_sums_and_poems_are_for_different_models(name: str) -> None:
    price = 0.05  # where a dollar is worth so much, the dear model is not worth its ten
    options = {"price": price} if name.endswith("bandit") else {"bins": 8} if name == "prompt_length" else {}
    found = routed(name, price, **options)
    assert found.quality.mean() > 0.85 and found.cost.mean() < 3


def test_the_best_single_model_is_the_dear_one_until_money_matters() -> None:
    assert routed("best_single").asked[:, 2].all()
    assert routed("best_single", at=1.0).asked[:, 0].all()


def test_the_cheapest_router_asks_the_cheapest_model_even_for_nothing() -> None:
    assert routed("cheapest").asked[:, 0].all()


def test_the_random_router_asks_all_models_about_equally_often() -> None:
    assert (np.abs(routed("random").asked.mean(axis=0) - 1 / 3) < 0.12).all()


def test_the_oracle_asks_the_cheapest_model_that_is_right_and_the_cheapest_where_none_is() -> None:
    found = Routed.one_each(
        "oracle", TEST, choose.at_price(fitted("oracle", TEST).expect(TEST.questions), np.array(COSTS), 0)
    )
    right = TEST.quality.any(axis=1)
    assert found.quality[right].all() and (found.answered == TEST.quality.argmax(axis=1)).all()


def test_the_oracle_knows_only_its_own_table() -> None:
    with pytest.raises(UserError, match="knows only the questions of its table"):
        fitted("oracle", TRAIN).expect(TEST.questions)


def test_a_bandit_sees_only_the_cells_it_asked_for() -> None:
    hidden = TRAIN.quality.copy()
    made = fitted("value_bandit", asks=1)
    chosen = np.zeros(hidden.shape, dtype=bool)
    chosen[np.arange(len(TRAIN)), made._log[0].model.numpy()] = True
    hidden[~chosen] = 1 - hidden[~chosen]
    changed = RoutingTable("changed", TRAIN.cards, TRAIN.questions, hidden, TRAIN.cost, TRAIN.families)
    again = fitted("value_bandit", changed, asks=1)
    assert np.array_equal(made.expect(TEST.questions), again.expect(TEST.questions))


def test_the_length_of_a_question_orders_two_models_by_a_line() -> None:
    expected = fitted("prompt_length").expect(["a", "a" * 30, "a" * 90])
    gain = expected[:, 1] - expected[:, 0]  # poems are the longer questions
    assert gain[0] < gain[1] < gain[2]


def test_a_table_of_one_question_is_enough() -> None:
    one = TRAIN.rows([0])
    for name in routing.names():
        assert fitted(name, one).expect(one.questions).shape == (1, 3)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"name": "knn", "k": 0}, "knn.k is a whole number from 1"),
        ({"name": "knn", "neighbours": 3}, "neighbours"),
        ({"name": "ensemble", "of": []}, "at least one router"),
        ({"name": "tfidf_ridge", "alpha": 0.0}, "alpha is above 0"),
        ({"name": "value_bandit", "explore": 0.0}, "explore is above 0"),
        ({"name": "policy_bandit", "temperature": 0.0}, "temperature is above 0"),
        ({"name": "value_bandit", "price": -1.0}, "price >= 0"),
        ({"k": 3}, "Which router"),
        ("knm", "Did you mean"),
    ],
    ids=str,
)
def test_a_wrong_option_says_what_is_right(spec: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        routing.make(spec)


def test_without_scikit_learn_the_line_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(UserError, match=r"pip install 'syllogym\[routing\]'"):
        fitted("knn")
