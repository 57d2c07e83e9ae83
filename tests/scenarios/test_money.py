"""Do prices follow what training costs, show in the log, and go on from a checkpoint?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.episode import Episode
from syllogym.errors import UserError
from syllogym.scenarios.environment_spec import MoneySpec
from syllogym.scenarios.money import Money
from syllogym.scenarios.train import train

WITH = "{name: routing/one_shot, bare: true, money: {budget: 0.00005, rate: 0.5, window: 50}}"

ROUTER = """
environment: %s
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 48}}
warmup: {steps: 30, batch: 16, noise: 1.0, optimiser: {lr: 1e-2}}
algorithm: {name: grpo}
train: {steps: 4, prompts: 8, group: 4}
sampling: {max_tokens: 8}
evaluate: {episodes: 8, every: 0}
checkpoint: {every: 1}
threads: 1
"""


def router(tmp_path: Path, environment: str = WITH) -> Path:
    file = tmp_path / "router.yaml"
    file.write_text(ROUTER % environment, encoding="utf-8")
    return train(str(file), run_dir=tmp_path / "run")


def numbers(run: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["kind"] == "train"]


def episode(group: int, dollars: float | None) -> Episode:
    return Episode("x", 0, group=group, counts={} if dollars is None else {"dollars": dollars})


def test_a_rollout_is_paid_by_the_prices_that_those_before_it_made(tmp_path: Path) -> None:
    rows = numbers(router(tmp_path))
    multiplier = 0.0
    for row in rows:
        assert (row["multiplier"], row["price"]) == (pytest.approx(multiplier), pytest.approx(multiplier / 0.00005))
        multiplier = max(0.0, multiplier + 0.5 * (row["dollars"] / 0.00005 - 1))
    assert rows[-1]["multiplier"] > 0
    assert (rows[0]["cheap"], rows[0]["dear"]) == (0.0, 0.0)
    assert 0 <= rows[1]["cheap"] < rows[1]["dear"]


def test_prices_go_on_from_a_checkpoint_to_the_same_numbers(tmp_path: Path) -> None:
    straight = router(tmp_path)
    killed = tmp_path / "killed"
    shutil.copytree(straight, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[32:]:
        shutil.rmtree(later)
    train(run_dir=killed, resume=True)
    shown = ("price", "multiplier", "cheap", "dear", "dollars", "reward")
    assert [[row[key] for key in shown] for row in numbers(killed)] == [
        [row[key] for key in shown] for row in numbers(straight)
    ]


def test_costs_are_taken_in_in_the_order_of_tasks() -> None:
    one, other = (Money(MoneySpec(window=2)) for _ in range(2))
    episodes = [episode(group, 0.01 * group) for group in range(3)]
    one.update(episodes)
    other.update(episodes[::-1])
    assert one.options() == other.options()
    assert one.window is not None
    assert list(one.window.costs) == [0.01, 0.02]


def test_without_money_nothing_follows() -> None:
    money = Money(None)
    assert (money.options(), money.update([episode(0, None)])) == ({}, {})


def test_an_environment_that_counts_no_dollars_is_told_so() -> None:
    with pytest.raises(UserError, match="counts no dollars"):
        Money(MoneySpec(budget=1.0)).update([episode(0, None)])


@pytest.mark.parametrize(
    ("environment", "fix"),
    [
        ("{name: routing/one_shot, money: {}}", "needs a budget"),
        ("{name: math/countdown, money: {budget: 1.0}}", "'weight', which 'math/countdown' does not take"),
        ("{name: routing/one_shot, weight: 3.0, money: {budget: 1.0}}", "leave one of them out"),
        ("{name: routing/one_shot, money: {budget: -1.0}}", "greater than 0"),
    ],
    ids=["nothing", "elsewhere", "twice", "negative"],
)
def test_money_that_cannot_be_followed_is_an_error(tmp_path: Path, environment: str, fix: str) -> None:
    with pytest.raises(UserError, match=fix):
        router(tmp_path, environment)
