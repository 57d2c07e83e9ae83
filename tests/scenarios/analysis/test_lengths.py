"""Are lengths related to reward by hand-counted numbers, ties and extremes included?"""

from __future__ import annotations

import pytest

from syllogym.scenarios.analysis.lengths import length_against_reward


def test_right_and_wrong_episodes_are_measured_apart() -> None:
    found = length_against_reward([2, 4, 9], [1.0, 1.0, 0.0], [True, True, False])
    assert (found.mean, found.correct, found.wrong) == (5.0, 3.0, 9.0)


def test_what_there_is_none_of_has_no_length() -> None:
    assert length_against_reward([2, 4], [1.0, 1.0], [True, True]).wrong is None
    assert length_against_reward([2, 4], [0.0, 0.0], [False, False]).correct is None


def test_longer_replies_that_earn_less_correlate_negatively() -> None:
    assert length_against_reward([1, 2, 3], [1.0, 0.5, 0.0], [True, False, False]).correlation == pytest.approx(-1.0)


def test_lengths_that_never_vary_correlate_with_nothing() -> None:
    assert length_against_reward([3, 3], [1.0, 0.0], [True, False]).correlation is None


def test_every_episode_is_in_one_bin_and_one_length_is_never_cut() -> None:
    lengths = [5, 6, *[7] * 90, *range(8, 16)]
    found = length_against_reward(lengths, [float(length == 7) for length in lengths], [True] * 100).bins
    assert [(part.low, part.high, part.count) for part in found] == [(5, 6, 2), (7, 7, 90), (8, 15, 8)]
    assert [part.reward for part in found] == [0.0, 1.0, 0.0]


def test_a_bin_tells_how_sure_its_mean_is() -> None:
    (only,) = length_against_reward([4] * 4, [0.0, 0.0, 1.0, 1.0], [False] * 4).bins
    assert (only.mean, only.reward, only.error) == pytest.approx((4.0, 0.5, 0.25))
