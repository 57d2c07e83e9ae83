"""Are intervals those of another draw of problems, paired, and over families where problems hang together?"""

from __future__ import annotations

import numpy as np
import pytest

from syllogym.scenarios.analysis.bootstrap import interval, resampled


def test_the_spread_is_the_standard_error_of_the_mean() -> None:
    values = np.random.default_rng(0).normal(size=(400, 1))
    drawn = resampled(values, np.random.default_rng(1), draws=4000)
    assert drawn.mean() == pytest.approx(values.mean(), abs=0.005)
    assert drawn.std() == pytest.approx(values.std() / 20, rel=0.05)


def test_two_columns_are_averaged_over_the_same_draws() -> None:
    values = np.random.default_rng(0).normal(size=(50, 1))
    drawn = resampled(np.hstack([values, values + 0.25]), np.random.default_rng(1))
    assert np.allclose(drawn[:, 1] - drawn[:, 0], 0.25)


def test_a_constant_has_no_spread_whatever_the_sizes_of_families() -> None:
    drawn = resampled(np.ones((7, 1)), np.random.default_rng(0), list("aaaabbc"))
    assert np.array_equal(drawn, np.ones_like(drawn))


def test_families_are_drawn_whole() -> None:
    values = np.array([[1.0], [1.0], [0.0], [0.0], [0.0]])
    drawn = resampled(values, np.random.default_rng(0), list("aabbb"), draws=500)
    assert {round(float(mean), 6) for mean in drawn[:, 0]} == {0.0, 0.4, 1.0}


def test_problems_of_a_family_that_are_alike_make_the_interval_wider() -> None:
    rng = np.random.default_rng(0)
    values = np.repeat(rng.normal(size=(20, 1)), 30, axis=0)
    families = np.repeat([f"f{number}" for number in range(20)], 30).tolist()
    alone = resampled(values, np.random.default_rng(1)).std()
    assert resampled(values, np.random.default_rng(1), families).std() > 4 * alone


def test_what_is_drawn_does_not_depend_on_how_much_fits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(30, 2))
    whole = resampled(values, np.random.default_rng(1), draws=40)
    monkeypatch.setattr("syllogym.scenarios.analysis.bootstrap._AT_ONCE", 90)
    assert np.allclose(resampled(values, np.random.default_rng(1), draws=40), whole)


def covered(families: bool, runs: int = 300) -> float:
    """How often the interval holds the true mean of 0, with problems in 40 families that share half their variance."""
    rng, hits = np.random.default_rng(0), 0
    names = np.repeat(np.arange(40).astype(str), 5).tolist()
    for _ in range(runs):
        values = (np.repeat(rng.normal(size=40), 5) + rng.normal(size=200))[:, None]
        found = interval(values.mean(), resampled(values, rng, names if families else None, 400)[:, 0])
        hits += found.low <= 0 <= found.high
    return hits / runs


def test_intervals_over_families_hold_the_truth_about_95_times_in_100() -> None:
    assert 0.90 <= covered(families=True) <= 0.98


def test_intervals_over_problems_are_too_narrow_where_families_hang_together() -> None:
    assert covered(families=False) < 0.85
