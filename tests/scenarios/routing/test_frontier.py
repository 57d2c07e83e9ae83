"""Is the hull the highest line that coins between operating points reach, and AIQ the area under it?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.scenarios.routing.frontier import aiq, cost_at, hull, pareto, quality_at

numbers = st.integers(0, 12).map(lambda number: number / 4)
some_points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12)


def beaten(points: list[tuple[float, float]], at: int) -> bool:
    c, q = points[at]
    return any(x <= c and y >= q and (x, y) != (c, q) for x, y in points)


def by_coins(points: list[tuple[float, float]], budget: float) -> float:
    """The best quality of any two points mixed within a budget, or of one."""
    best = max((q for c, q in points if c <= budget), default=np.nan)
    for a, f in points:
        for b, g in points:
            if a <= budget < b:
                best = max(best, f + (g - f) * (budget - a) / (b - a))
    return best


@given(some_points)
def test_the_front_is_what_nobody_beats(points: list[tuple[float, float]]) -> None:
    c, q = zip(*points, strict=True)
    assert pareto(c, q).tolist() == [not beaten(points, at) for at in range(len(points))]


@given(some_points, numbers)
def test_the_hull_is_what_the_best_coin_reaches(points: list[tuple[float, float]], budget: float) -> None:
    c, q = zip(*points, strict=True)
    assert quality_at(c, q, [budget])[0] == pytest.approx(by_coins(points, budget), nan_ok=True)


@given(some_points)
def test_the_hull_rises_and_bends_down(points: list[tuple[float, float]]) -> None:
    c, q = hull(*zip(*points, strict=True))
    assert (np.diff(c) > 0).all() and (np.diff(q) > 0).all()
    assert (np.diff(np.diff(q) / np.diff(c)) < 0).all()


@given(some_points, numbers, numbers)
def test_aiq_is_the_mean_height_of_the_hull(points: list[tuple[float, float]], one: float, other: float) -> None:
    low, high = sorted((one, other + 0.5))
    c, q = zip(*points, strict=True)
    middles = low + (np.arange(4000) + 0.5) * (high - low) / 4000
    height = np.nan_to_num(quality_at(c, q, middles), nan=0.0).mean()
    assert aiq(c, q, low, high) == pytest.approx(height, abs=0.002)


def test_a_hull_by_hand() -> None:
    # (2, .5) lies under the line from (1, .4) to (3, .8), and (4, .7) is worse and dearer than (3, .8).
    c, q = hull([3, 1, 2, 4], [0.8, 0.4, 0.5, 0.7])
    assert (c.tolist(), q.tolist()) == ([1, 3], [0.4, 0.8])
    assert quality_at([3, 1, 2, 4], [0.8, 0.4, 0.5, 0.7], [0.5, 1, 2, 9]).tolist()[1:] == pytest.approx([0.4, 0.6, 0.8])
    assert cost_at([3, 1, 2, 4], [0.8, 0.4, 0.5, 0.7], 0.6) == pytest.approx(2.0)
    assert cost_at([3, 1, 2, 4], [0.8, 0.4, 0.5, 0.7], 0.9) is None


def test_aiq_by_hand_in_the_papers_form_and_in_the_released_codes() -> None:
    # From 1 to 3 the hull is .6 high on average, from 3 to 5 it is .8: 2.8 in all.
    assert aiq([1, 3], [0.4, 0.8], low=1, high=5) == pytest.approx(2.8 / 4)
    assert aiq([1, 3], [0.4, 0.8], low=0, high=5) == pytest.approx(2.8 / 5)


def test_one_point_is_its_own_hull() -> None:
    assert aiq([2], [0.7], 2, 2) == 0.7
    assert aiq([2], [0.7], 1, 3) == pytest.approx(0.35)
    assert aiq([2], [0.7], 0, 1) == 0.0
    assert cost_at([2], [0.7], 0.7) == 2.0


def test_points_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        hull([1, np.nan], [0, 1])
    with pytest.raises(ValueError, match="cost and a quality"):
        hull([], [])
    with pytest.raises(ValueError, match="low to high"):
        aiq([1], [1], 2, 1)
