"""Do published tables give the published figures? Developer halves of the real files, where they are at hand.

APGR of the whole files: GSM8K prompt length .601, TF-IDF ridge .606 (5 folds), oracle 1.124; MMLU .586, .677, 1.285,
with intervals of about .04 and .02. Half of the rows has wider ones, in which the figures should lie.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from syllogym.agents import routing
from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import RoutingTable
from syllogym.scenarios.routing.frontier import aiq
from syllogym.scenarios.routing.strong_calls import apgr, call_curve


def apgr_of(quality: np.ndarray, wants_strong: np.ndarray) -> float:
    """APGR on the exact curve, for the quality of two models; the weak one is that which is worse on average."""
    weak, strong = np.argsort(quality.mean(0))
    calls, reached = call_curve(wants_strong, quality[:, weak], quality[:, strong])
    return apgr(calls, reached, float(reached[0]), float(reached[-1]))


def folded(table: RoutingTable, name: str, folds: int = 5) -> np.ndarray:
    """What a router expects the strong model to gain, learnt from the other folds."""
    weak, strong = np.argsort(table.quality.mean(0))
    fold = np.random.default_rng(0).permutation(len(table)) % folds
    gain = np.empty(len(table))
    for number in range(folds):
        router = routing.make(name)
        router.fit(table.rows(fold != number), 0)
        expected = router.expect(table.rows(fold == number).questions)
        gain[fold == number] = expected[:, strong] - expected[:, weak]
    return gain


@pytest.fixture(scope="module", params=["gsm8k", "mmlu"])
def pair(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, RoutingTable]:
    """RouteLLM's table of a benchmark."""
    file = {"gsm8k": "gsm8k_responses.csv.gz", "mmlu": "mmlu_two_models.jsonl.gz"}[request.param]
    spec = {"name": f"routellm_{request.param}", "path": str(shared_data / "data" / "routing_routellm" / file)}
    return request.param, load_table({**spec, "duplicates": "keep"})


def assert_agrees(table: RoutingTable, wants_strong: np.ndarray, published: float) -> None:
    """The figure of the whole file lies in the 95 % interval that its developer half has."""
    rng = np.random.default_rng(0)
    rows = [rng.integers(len(table), size=len(table)) for _ in range(200)]
    drawn = [apgr_of(table.quality[row], wants_strong[row]) for row in rows]
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low <= published <= high
    assert low <= apgr_of(table.quality, wants_strong) <= high


def test_the_oracles_apgr(pair: tuple[str, RoutingTable]) -> None:
    name, table = pair
    weak, strong = np.argsort(table.quality.mean(0))
    gain = table.quality[:, strong] - table.quality[:, weak]
    up, down = (gain > 0).mean(), (gain < 0).mean()  # the curve rises by one, is level, and falls by the other
    assert apgr_of(table.quality, gain) == pytest.approx((up - up**2 / 2 - down**2 / 2) / (up - down))
    assert_agrees(table, gain, {"gsm8k": 1.124, "mmlu": 1.285}[name])


def test_the_apgr_of_prompt_length(pair: tuple[str, RoutingTable]) -> None:
    name, table = pair
    lengths = np.array([float(len(question)) for question in table.questions])
    assert_agrees(table, lengths, {"gsm8k": 0.601, "mmlu": 0.586}[name])


@pytest.mark.slow
def test_the_apgr_of_tfidf_ridge(pair: tuple[str, RoutingTable]) -> None:
    name, table = pair
    assert_agrees(table, folded(table, "tfidf_ridge"), {"gsm8k": 0.606, "mmlu": 0.677}[name])


def test_chance_recovers_half_of_the_gap(pair: tuple[str, RoutingTable]) -> None:
    _, table = pair
    drawn = [apgr_of(table.quality, np.random.default_rng(seed).random(len(table))) for seed in range(20)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.03)


def test_the_oracle_of_two(pair: tuple[str, RoutingTable]) -> None:
    name, table = pair
    assert table.quality.max(1).mean() == pytest.approx({"gsm8k": 0.929, "mmlu": 0.859}[name], abs=0.01)


def test_aiq_of_routerbenchs_models(shared_data: Path) -> None:
    file = shared_data / "data" / "routing_routerbench" / "routerbench_arc_challenge_test.csv.gz"
    table = load_table({"name": "routerbench", "path": str(file)})
    quality, cost = table.quality.mean(0), table.cost.mean(0)
    dearest = float(cost.max())
    alone = [aiq([c], [q], 0.0, dearest) for c, q in zip(cost, quality, strict=True)]
    # Alone a model is a level line from its cost on, so the released code's area over the largest cost is this:
    assert alone == pytest.approx(quality * (1 - cost / dearest))
    together = aiq(cost, quality, 0.0, dearest)
    assert max(alone) <= together <= quality.max()
