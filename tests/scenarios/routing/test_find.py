"""Does a report hold every number, beside every baseline, and warn of what must not be overlooked?"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from syllogym.envs.routing.routed import Routed
from syllogym.errors import UserError
from syllogym.scenarios.routing.find import BASELINES, SHARES, find
from syllogym.scenarios.routing.findings import Findings
from syllogym.scenarios.routing.operating_points import by_cost, within
from tests.scenarios.routing.made import routers, settings, table

TABLE = table()
FOUND = find(routers(TABLE), "model-2", draws=300)


def router(name: str, found: Findings = FOUND):  # type: ignore[no-untyped-def]
    return next(one for one in found.routers if one.name == name)


def test_every_baseline_stands_before_what_is_evaluated() -> None:
    assert [one.name for one in FOUND.routers] == [*BASELINES, "mine"]
    assert [one.baseline for one in FOUND.routers] == [True] * len(BASELINES) + [False]


def test_a_report_without_a_baseline_is_refused() -> None:
    some = routers(TABLE)
    del some["prompt_length"]
    with pytest.raises(UserError, match="prompt_length is missing"):
        find(some, "model-2")


def test_routers_on_other_questions_are_refused() -> None:
    some = routers(TABLE)
    some["mine"] = routers(table(questions=50))["mine"]
    with pytest.raises(UserError, match="mine answered other questions"):
        find(some, "model-2")


def test_numbers_are_read_back_as_they_were_written() -> None:
    assert Findings.from_json(FOUND.to_json()) == FOUND


def test_the_same_seed_finds_the_same() -> None:
    assert find(routers(TABLE), "model-2", draws=300) == FOUND


def test_each_model_stands_alone() -> None:
    assert [model.name for model in FOUND.models] == list(TABLE.models)
    assert [model.quality.value for model in FOUND.models] == pytest.approx(TABLE.quality.mean(0))
    assert [model.cost.value for model in FOUND.models] == pytest.approx(TABLE.cost.mean(0))
    assert all(model.entropy == 0 and model.calls == 1 for model in FOUND.models)
    assert FOUND.strong.v_reference == 1.0 and FOUND.strong.delta_ibc == pytest.approx(0.0)


def test_nobody_beats_the_oracle_and_it_is_on_the_front() -> None:
    best = max(point.quality.value for one in FOUND.routers for point in one.points)
    oracle = router("oracle")
    assert max(point.quality.value for point in oracle.points) == best == TABLE.quality.max(1).mean()
    assert any(point.front for point in oracle.points)
    assert all(contest.gain.value <= 0 for contest in FOUND.contests if contest.rival == "oracle")


def test_what_is_kept_is_quality_within_a_share_of_the_strongest_models_cost() -> None:
    strong = TABLE.cost[:, 2].mean()
    for at in router("mine").within:
        assert at.cost <= at.share * strong * (1 + 1e-9)
        assert at.kept is not None and at.kept.value == pytest.approx(at.quality.value / TABLE.quality[:, 2].mean())
    assert [at.share for at in router("cheapest").within] == list(SHARES)


def test_a_contest_is_the_difference_of_the_two_at_the_cost_that_the_router_spent() -> None:
    own = routers(TABLE)
    quality, cost = within(by_cost(own["mine"]), 0.5 * TABLE.cost[:, 2].mean()) or ([], [])
    theirs, spent = within(by_cost(own["best_single"]), float(np.mean(cost))) or ([], [])
    contest = FOUND.contest("mine", "best_single", 0.5)
    assert contest is not None and np.mean(spent) == pytest.approx(np.mean(cost))
    assert contest.gain.value == pytest.approx(np.mean(quality) - np.mean(theirs))
    assert contest.gain.low < contest.gain.value < contest.gain.high


def test_the_interval_of_a_contest_is_paired() -> None:
    contest = FOUND.contest("mine", "oracle", 1.0)
    assert contest is not None
    alone = router("oracle").within[0].quality
    assert contest.gain.high - contest.gain.low < 0.8 * (alone.high - alone.low)


def test_what_a_router_has_over_the_strongest_model_is_paired() -> None:
    quality, _ = within(by_cost(routers(TABLE)["mine"]), TABLE.cost[:, 2].mean()) or ([], [])
    over = router("mine").over_strongest
    assert over.value == pytest.approx(np.mean(quality) - TABLE.quality[:, 2].mean()) and over.low < over.value
    assert router("best_single").over_strongest.value == pytest.approx(0.0)


def test_a_router_that_beats_the_best_single_model_is_not_warned_of() -> None:
    assert router("mine").over_strongest.low > 0
    assert not [warning for warning in FOUND.warnings if warning.startswith("mine does not beat")]


def test_one_that_does_not_is() -> None:
    found = find(routers(TABLE, good=0.0), "model-2", draws=300)
    (warning,) = [warning for warning in found.warnings if "best single" in warning]
    assert warning.startswith("mine does not beat the best single model, model-2, with 95 % confidence: +0.0%")
    assert "for 100% of its cost; at equal cost it does not beat, either, a coin between single models" in warning


def test_a_curve_that_falls_is_warned_of() -> None:
    some = routers(TABLE)
    some["mine"] = [Routed.one_each(f"mine {m}", TABLE, np.full(len(TABLE), m)) for m in range(3)]
    worse = dataclasses.replace(TABLE, quality=TABLE.quality.copy())
    worse.quality[:, 1] = 0.0
    swapped = {name: [dataclasses.replace(point, table=worse) for point in own] for name, own in some.items()}
    found = find(swapped, "model-2", draws=100)
    assert router("mine", found).fall == pytest.approx(worse.quality[:, 0].mean())
    assert any("falls where more is spent" in warning and "mine by up to" in warning for warning in found.warnings)


def test_a_table_without_costs_says_so() -> None:
    free = dataclasses.replace(TABLE, cost=np.zeros_like(TABLE.cost))
    found = find(
        {name: [dataclasses.replace(p, table=free) for p in own] for name, own in routers(TABLE).items()}, "model-2"
    )
    assert found.warnings[0].startswith("made has no costs")


def test_two_models_have_routellms_numbers_and_three_have_not() -> None:
    pair = table(models=2, seed=3)
    found = find(routers(pair), "model-1", draws=100)
    mine = router("mine", found).pair
    assert mine is not None and mine.apgr > 0.5 and set(mine.cpt) == {"20%", "50%", "80%"}
    assert router("oracle", found).pair.apgr >= mine.apgr
    assert router("mine").pair is None


def test_a_router_that_knows_what_to_expect_is_calibrated() -> None:
    some = routers(TABLE)
    some["mine"] = settings("mine", TABLE, TABLE.quality)
    calibration = router("mine", find(some, "model-2", draws=100)).calibration
    assert calibration is not None and (calibration.ece, calibration.auroc, calibration.brier) == (0.0, 1.0, 0.0)


def test_one_of_k_models_is_right_as_often_as_all_of_them_can() -> None:
    assert FOUND.pass_at_k[0] == pytest.approx(TABLE.quality.mean())
    assert FOUND.pass_at_k[-1] == pytest.approx(TABLE.quality.max(1).mean())
