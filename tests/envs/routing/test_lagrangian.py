"""Does the price of money come to where the mean cost meets the budget?"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syllogym.envs.routing.bandit import TableBandit
from syllogym.envs.routing.features import features
from syllogym.envs.routing.lagrangian import Lagrangian
from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError


def spend(table: RoutingTable, budget: float, steps: int = 2000) -> float:
    """Route batches by expected quality while money is priced; return the mean cost of the second half, by budget."""
    seen = np.array([features(question, 64) for question in table.questions], dtype=np.float64)
    expected = seen @ np.linalg.solve(seen.T @ seen + np.eye(64), seen.T @ table.quality)
    usual = table.cost.mean(axis=0)
    bandit, prices, spent = TableBandit(table, batch=128), Lagrangian(budget, rate=0.05, settle=50), []
    for _ in range(steps):
        chosen = (expected[bandit.rows] - prices.weight * usual).argmax(axis=1)
        spent.append(bandit.step(chosen).cost)
        prices.update(spent[-1])
    return float(np.mean(spent[len(spent) // 2 :])) / budget


def test_one_step_of_dual_ascent_is_the_relative_excess_times_the_rate() -> None:
    prices = Lagrangian(0.01, rate=0.5)
    assert prices.update([0.01, 0.03]) == pytest.approx(0.5 / 0.01)  # mean 0.02 is one budget too much
    assert prices.update([0.0]) == 0.0  # a whole budget too little takes all of it back


def test_steps_get_smaller_after_they_are_to_settle() -> None:
    prices = Lagrangian(1.0, rate=1.0, settle=1)
    prices.update([2.0])
    prices.update([2.0])
    assert prices.multiplier == pytest.approx(1.0 + 1.0 / 2**0.5)


def test_a_price_never_falls_below_nothing() -> None:
    prices = Lagrangian(1.0)
    prices.update([0.0])
    assert prices.weight == 0.0


def test_prices_from_a_checkpoint_go_on_alike() -> None:
    one, other = (Lagrangian(0.1, settle=2) for _ in range(2))
    one.update([0.4])
    other.load_state_dict(json.loads(json.dumps(one.state_dict())))
    assert [one.update([0.3]) for _ in range(4)] == [other.update([0.3]) for _ in range(4)]


@pytest.mark.parametrize(
    "options", [{"budget": 0.0}, {"budget": 1.0, "rate": -1.0}, {"budget": 1.0, "start": -1.0}], ids=str
)
def test_wrong_settings_are_told(options: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=list(options)[-1]):
        Lagrangian(**options)


@pytest.mark.parametrize("costs", [[], [-1.0], [float("nan")]], ids=["none", "negative", "nan"])
def test_costs_are_checked(costs: list[float]) -> None:
    with pytest.raises(UserError, match="at least one, each 0 dollars or more"):
        Lagrangian(1.0).update(costs)


@pytest.mark.parametrize("budget", [0.0003, 0.001, 0.002])
def test_a_budget_is_met_within_two_percent_on_routerbench(shared_data: Path, budget: float) -> None:
    folder = shared_data / "data" / "routing_routerbench"
    table = load_table({"name": "routerbench", "path": sorted(map(str, folder.glob("*.csv.gz")))})
    assert spend(table, budget) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("budget", [0.0003, 0.001])
def test_a_budget_is_met_within_two_percent_on_zeroeval(shared_data: Path, budget: float) -> None:
    path = str(shared_data / "data" / "routing_zeroeval" / "gsm_correctness.jsonl.gz")
    prices = str(shared_data / "data" / "routing_prices" / "tokencost_model_prices.json.gz")
    table = load_table({"name": "zeroeval", "path": path, "prices": prices, "unpriced": "drop"})
    assert spend(table, budget) == pytest.approx(1.0, abs=0.02)
