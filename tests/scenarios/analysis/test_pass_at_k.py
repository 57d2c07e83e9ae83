"""Is pass@k without bias, and do two curves tell which policy is ahead where?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from syllogym.scenarios.analysis.pass_at_k import compare, curve, pass_at_k

Vector = Callable[[str], dict[str, Any]]


def test_the_estimator_agrees_with_the_reference(vector: Vector) -> None:
    case = vector("pass_at_k")
    found = [pass_at_k([n], [c], [k])[0, 0] for n, c, k in case["inputs"]["n_c_k"]]
    assert found == pytest.approx(case["expected"]["pass_at_k"], abs=case["tol"])


def test_the_comparison_agrees_with_the_reference(vector: Vector) -> None:
    case = vector("pass_at_k_crossing")
    given, expected = case["inputs"], case["expected"]
    tries = [given["n"]] * len(given["correct_rl"])
    found = compare((tries, given["correct_base"]), (tries, given["correct_rl"]), given["ks"])
    assert found.base.mean == pytest.approx(expected["base"], abs=case["tol"])
    assert found.trained.mean == pytest.approx(expected["rl"], abs=case["tol"])
    assert found.crossing == expected["first_k_base_above_rl"]
    assert found.sampling_gap == pytest.approx(expected["delta_SE"], abs=case["tol"])
    solved = [found.solved_both, found.solved_base_only, found.solved_trained_only, found.solved_neither]
    assert solved == [expected[f"solved_{who}"] for who in ("both", "base_only", "rl_only", "neither")]


@pytest.mark.parametrize(("right", "k"), [(0, 3), (1, 2), (2, 3), (5, 1), (4, 4), (6, 2)])
def test_the_estimator_is_the_share_of_choices_of_k_tries_with_a_right_one(right: int, k: int) -> None:
    tries = [1] * right + [0] * (6 - right)
    chosen = [max(some) for some in combinations(tries, k)]
    assert pass_at_k([6], [right], [k])[0, 0] == pytest.approx(np.mean(chosen))


def test_thousands_of_tries_neither_overflow_nor_lose_digits() -> None:
    assert pass_at_k([10_000], [1], [1, 5_000])[0] == pytest.approx([1e-4, 0.5], rel=1e-9)


def test_instances_may_be_tried_unequally_often() -> None:
    assert pass_at_k([4, 2], [1, 1], [2])[:, 0] == pytest.approx([0.5, 1.0])


@pytest.mark.parametrize("k", [0, 3])
def test_k_beyond_the_tries_of_an_instance_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=rf"from 1 to the 2 tries of every instance; not \[{k}\]"):
        pass_at_k([5, 2], [1, 1], [k])


def test_the_band_is_the_binomial_one_when_instances_are_right_or_wrong_alone() -> None:
    estimates = np.repeat([[0.0], [1.0]], 200, axis=0)
    found = curve(estimates, np.random.default_rng(0))
    half = 1.96 * np.sqrt(0.25 / 400)
    assert (found.low[0], found.high[0]) == pytest.approx((0.5 - half, 0.5 + half), abs=0.005)


def test_the_gain_is_paired_so_what_instances_share_does_not_widen_its_band() -> None:
    base = np.arange(0, 9)
    found = compare(([10] * 9, base), ([10] * 9, base + 1), [1])
    assert (found.gain.low, found.gain.high) == (pytest.approx([0.1]), pytest.approx([0.1]))
    assert found.base.high[0] - found.base.low[0] > 0.2


def test_bands_are_the_same_for_the_same_seed() -> None:
    case = (([8] * 5, [0, 2, 4, 6, 8]), ([8] * 5, [1, 1, 8, 8, 8]), [1, 2, 8])
    assert compare(*case, seed=3) == compare(*case, seed=3)


@pytest.mark.parametrize(("new", "lost", "chance"), [(0, 0, 1.0), (5, 0, 1 / 32), (2, 1, 0.5)])
def test_the_chance_of_new_solutions_is_that_of_a_fair_coin(new: int, lost: int, chance: float) -> None:
    base, trained = [0] * new + [1] * lost + [2, 0], [1] * new + [0] * lost + [2, 0]
    tries = [2] * len(base)
    assert compare((tries, base), (tries, trained), [1]).chance == pytest.approx(chance)


def test_curves_that_meet_at_the_end_do_not_cross() -> None:
    assert compare(([4], [1]), ([4], [3]), [1, 2, 4]).crossing is None
