"""Are the numbers of calibration those of their definitions?"""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.scenarios.routing.calibration import aurc, auroc, calibration, reliability

pairs = st.lists(st.tuples(st.integers(0, 4).map(lambda n: n / 4), st.sampled_from([0.0, 1.0])), min_size=1, max_size=6)


def test_everything_by_hand() -> None:
    found = calibration([0.1, 0.2, 0.9, 0.8], [0, 1, 1, 1], bins=2)
    assert [(line.count, line.score, line.right) for line in found.bins] == [
        (2, pytest.approx(0.15), 0.5),
        (2, pytest.approx(0.85), 1.0),
    ]
    assert found.ece == pytest.approx(0.5 * 0.35 + 0.5 * 0.15)
    assert found.brier == pytest.approx((0.01 + 0.64 + 0.01 + 0.04) / 4)
    assert found.auroc == 1.0
    assert found.aurc == pytest.approx((0 + 0 + 0 + 0.25) / 4)


def test_scores_that_come_true_are_calibrated() -> None:
    found = calibration([0.75] * 4 + [0.25] * 4, [1, 1, 1, 0, 1, 0, 0, 0])
    assert found.ece == 0.0 and found.brier == pytest.approx(0.1875)


def test_a_score_of_one_is_in_the_last_bin_and_empty_bins_are_left_out() -> None:
    (line,) = reliability([1.0, 1.0], [1, 0], bins=10)
    assert (line.low, line.high, line.count, line.score, line.right) == (0.9, 1.0, 2, 1.0, 0.5)


def test_nothing_is_ranked_where_everything_is_right() -> None:
    assert calibration([0.2, 0.7], [1, 1]).auroc is None
    assert auroc([0.5, 0.5], [0, 1]) == 0.5


@given(pairs)
def test_auroc_counts_pairs(pairs: list[tuple[float, float]]) -> None:
    right, wrong = ([s for s, y in pairs if y == label] for label in (1, 0))
    won = [(a > b) + 0.5 * (a == b) for a, b in product(right, wrong)]
    found = auroc(*zip(*pairs, strict=True))
    assert found == (pytest.approx(np.mean(won)) if won else None)


@given(pairs)
def test_aurc_is_the_mean_over_all_orders_of_equal_scores(pairs: list[tuple[float, float]]) -> None:
    by_order = []
    for order in permutations(range(len(pairs))):
        shown = [pairs[at] for at in order]
        if [s for s, _ in shown] == sorted((s for s, _ in pairs), reverse=True):
            errors = 1 - np.array([y for _, y in shown])
            by_order.append((np.cumsum(errors) / np.arange(1, len(errors) + 1)).mean())
    assert aurc(*zip(*pairs, strict=True)) == pytest.approx(np.mean(by_order))


def test_a_grade_counts_as_right_in_part() -> None:
    assert auroc([0.9, 0.1], [0.8, 0.2]) == pytest.approx((0.8 * 0.8 + 0.5 * (0.8 * 0.2 + 0.2 * 0.8)) / 1.0)


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"scores are in \[0, 1\]; there is 1.5"):
        calibration([1.5], [1])
    with pytest.raises(ValueError, match="Every score has a label"):
        calibration([], [])
