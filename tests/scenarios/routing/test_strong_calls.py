"""Are RouteLLM's numbers those of its paper, on exact curves?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.scenarios.routing.strong_calls import apgr, call_curve, cpt, fall

WEAK, STRONG = np.array([1.0, 0, 0, 0]), np.array([1.0, 1, 1, 0])


def test_the_curve_by_hand() -> None:
    calls, quality = call_curve([1, 9, 8, 2], WEAK, STRONG)
    assert calls.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert quality.tolist() == [0.25, 0.5, 0.75, 0.75, 0.75]


def test_questions_with_one_score_change_over_together() -> None:
    calls, quality = call_curve([5, 5, 5, 5], WEAK, STRONG)
    assert (calls.tolist(), quality.tolist()) == ([0, 1], [0.25, 0.75])


def test_apgr_by_hand() -> None:
    calls, quality = call_curve([1, 9, 8, 2], WEAK, STRONG)
    # Above the weak model: 1/32 + 3/32 + 1/8 + 1/8 = 3/8, of 1/2 between the models.
    assert apgr(calls, quality, 0.25, 0.75) == pytest.approx(0.75)
    assert apgr(*call_curve([5, 5, 5, 5], WEAK, STRONG), 0.25, 0.75) == pytest.approx(0.5)


def test_who_asks_the_strong_model_only_where_the_weak_one_fails_has_more_than_all() -> None:
    weak, strong = np.array([1.0, 0, 0]), np.array([0.0, 1, 1])
    assert apgr(*call_curve([0, 1, 1], weak, strong), 1 / 3, 2 / 3) > 1


def test_apgr_needs_a_gap() -> None:
    with pytest.raises(ValueError, match="different quality"):
        apgr([0, 1], [0.5, 0.5], 0.5, 0.5)


def test_cpt_by_hand() -> None:
    assert cpt([0, 0.5, 1], [0.2, 0.6, 1.0], 0.2, 1.0, 0.5) == pytest.approx(0.5)
    assert cpt([0, 0.5, 1], [0.2, 0.6, 1.0], 0.2, 1.0, 0.8) == pytest.approx(0.8)
    assert cpt([0, 1], [0.5, 0.6], 0.2, 1.0, 0.2) == 0.0
    assert cpt([0, 1], [0.2, 0.6], 0.2, 1.0, 0.8) is None


@given(st.lists(st.integers(1, 20), min_size=2, max_size=9), st.sampled_from([0.2, 0.5, 0.8]))
def test_on_curves_that_rise_cpt_is_the_interpolation_of_the_released_code(rises: list[int], share: float) -> None:
    quality = np.r_[0, np.cumsum(rises)] / sum(rises)
    calls = np.linspace(0, 1, len(quality))
    assert cpt(calls, quality, 0, 1, share) == pytest.approx(np.interp(share, quality, calls))


def test_where_a_curve_falls_cpt_is_where_it_first_gets_there_and_the_fall_is_told() -> None:
    calls, quality = [0, 0.25, 0.5, 0.75, 1], [0.0, 0.8, 0.4, 0.3, 1.0]
    assert cpt(calls, quality, 0, 1, 0.5) == pytest.approx(0.25 * 0.5 / 0.8)
    assert fall(calls, quality) == pytest.approx(0.5)


def test_a_curve_that_rises_falls_nowhere_and_order_does_not_matter() -> None:
    assert fall([1, 2, 3], [0.1, 0.1, 0.5]) == 0
    assert fall([3, 1, 2], [0.5, 0.1, 0.1]) == 0
    assert fall([1], [0.3]) == 0
