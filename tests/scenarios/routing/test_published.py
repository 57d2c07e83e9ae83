"""Are the numbers of published benchmarks those of their papers?"""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from syllogym.scenarios.routing.published import (
    arena_score,
    cost_save,
    delta_ibc,
    entropy,
    ibc,
    pareto_dist,
    perf_gain,
    relative,
)


def test_ibc_by_hand() -> None:
    assert ibc(0.8, 30, 0.5, 10) == pytest.approx(0.015)
    assert ibc(0.8, 10, 0.5, 10) is None


def test_delta_ibc_is_nothing_on_the_line_between_the_models_and_grows_above_it() -> None:
    small, large = (0.5, 10.0), (0.9, 50.0)
    assert delta_ibc((0.7, 30.0), small, large) == pytest.approx(0.0)
    assert delta_ibc((0.8, 30.0), small, large) == pytest.approx(0.5)
    assert delta_ibc((0.6, 30.0), small, large) == pytest.approx(-0.5)


def test_delta_ibc_is_undefined_where_nothing_was_spent_or_the_large_model_is_no_better() -> None:
    assert delta_ibc((0.5, 10.0), (0.5, 10.0), (0.9, 50.0)) is None
    assert delta_ibc((0.7, 30.0), (0.5, 10.0), (0.5, 50.0)) is None


def test_the_arena_score_by_hand() -> None:
    # 1 dollar for 1,000 questions: C = log2 200 / (log2 200 - log2 .0044) = .49405...
    cheap = log2(200) / (log2(200) - log2(0.0044))
    assert arena_score(0.7, 1.0) == pytest.approx(1.1 * 0.7 * cheap / (0.1 * 0.7 + cheap))
    assert arena_score(0.7, 1.0) == pytest.approx(0.6744, abs=1e-4)


def test_the_arena_score_at_its_ends() -> None:
    assert arena_score(0.6, 0.0044) == pytest.approx(1.1 * 0.6 / 1.06)
    assert arena_score(0.6, 200.0) == arena_score(0.6, 500.0) == 0.0
    assert arena_score(0.6, 0.0) == arena_score(0.6, 0.0044)
    assert arena_score(0.0, 1.0) == arena_score(0.0, 200.0) == 0.0


def test_relative_quality_has_no_value_beside_a_model_that_is_always_wrong() -> None:
    assert relative(0.8, 0.64) == pytest.approx(1.25)
    assert relative(0.8, 0.0) is None


def test_entropy_by_hand() -> None:
    assert entropy([1.0, 0.0]) == 0.0
    assert entropy([0.25] * 4) == pytest.approx(2.0)
    assert entropy([[0.5, 0.5], [1.0, 0.0]]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="distribution"):
        entropy([0.5, 0.6])


def test_perf_gain_and_cost_save_by_hand() -> None:
    assert perf_gain([0.5, 0.84], 0.8) == pytest.approx(0.05)
    assert perf_gain([0.5, 0.76], 0.8) == pytest.approx(-0.05)
    # Between (10, .7) and (30, .9) a coin has .8 for 20.
    assert cost_save([10, 30], [0.7, 0.9], (0.8, 40.0)) == pytest.approx(0.5)
    assert cost_save([10, 30], [0.7, 0.75], (0.8, 40.0)) is None


def test_the_distance_from_the_front_by_hand() -> None:
    costs, qualities = [0, 10, 10], [0.0, 1.0, 0.5]
    assert pareto_dist([0, 10], [0.0, 1.0], costs, qualities) == 0.0
    assert pareto_dist([10, 10], [0.5, 1.0], costs, qualities) == pytest.approx(0.25)


def test_the_distance_does_not_depend_on_the_currency() -> None:
    rng = np.random.default_rng(0)
    costs, qualities = rng.random(20), rng.random(20)
    dollars = pareto_dist(costs[:5], qualities[:5], costs, qualities)
    assert pareto_dist(100 * costs[:5], qualities[:5], 100 * costs, qualities) == pytest.approx(dollars)
