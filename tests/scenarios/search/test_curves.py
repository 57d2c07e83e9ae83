"""Is a budget curve the last answer before the limit, and are its bands those of problems drawn again?"""

from __future__ import annotations

import numpy as np
import pytest

from syllogym.scenarios.search.curves import AXES, anytime, by_problem, limits_of, mean, read_at
from tests.scenarios.search.conftest import record

TOKENS = AXES["tokens"]


def test_a_limit_reads_the_last_answer_that_was_paid_for_within_it() -> None:
    one = record(0, [(0, 0.0), (10, 1.0), (30, 0.25)])
    limits = np.array([0.0, 9.0, 10.0, 29.9, 30.0, 500.0])
    assert read_at(one, TOKENS, limits).tolist() == [0.0, 0.0, 1.0, 1.0, 0.25, 0.25]


def test_before_the_first_answer_there_is_none() -> None:
    assert read_at(record(0, [(5, 1.0)]), TOKENS, np.array([4.0, 5.0])).tolist() == [0.0, 1.0]


def test_of_several_answers_at_one_amount_the_last_counts() -> None:
    assert read_at(record(0, [(5, 1.0), (5, 0.0)]), TOKENS, np.array([5.0])).tolist() == [0.0]


def test_accuracy_is_averaged_over_seeds_before_problems_are_compared() -> None:
    records = [
        record(7, [(0, 0.0), (10, 1.0)]),
        record(2, [(0, 0.0)]),
        record(7, [(0, 0.0), (20, 1.0)], seed=1),
        record(2, [(0, 0.0), (20, 1.0)], seed=1),
    ]
    assert anytime(records, TOKENS, np.array([10.0, 20.0])).tolist() == [[0.0, 0.5], [0.5, 1.0]]


def test_a_curve_is_drawn_from_the_first_answer_to_all_that_was_spent() -> None:
    limits = limits_of([record(0, [(0, 0.0), (10, 1.0)], spent=80), record(1, [(20, 0.0)], spent=160)], TOKENS, 5)
    assert limits.tolist() == pytest.approx([10, 20, 40, 80, 160])


def test_where_nobody_counts_there_is_no_curve() -> None:
    assert not len(limits_of([record(0, [(0, 0.0)])], AXES["money"]))


def test_bands_agree_with_a_slow_bootstrap_that_draws_problems_one_by_one() -> None:
    rng = np.random.default_rng(3)
    values = rng.integers(0, 2, (25, 2)).astype(float)
    slow = np.array([values[rng.integers(0, 25, 25)].mean(0) for _ in range(4000)])
    fast = mean(values)
    assert fast.mean == values.mean(0).tolist()
    assert fast.low == pytest.approx(np.quantile(slow, 0.025, axis=0), abs=0.045)
    assert fast.high == pytest.approx(np.quantile(slow, 0.975, axis=0), abs=0.045)


def test_two_strategies_are_drawn_again_on_the_same_problems() -> None:
    """So that one that is always better by a tenth is better by a tenth, with no band at all."""
    values = np.random.default_rng(0).random((20, 1))
    gain = mean(values + 0.1 - values)
    assert gain.low == pytest.approx([0.1]) and gain.high == pytest.approx([0.1])
    apart = np.array(mean(values + 0.1).low) - np.array(mean(values).low)
    assert apart == pytest.approx(np.array([0.1]))


def test_values_are_gathered_by_problem_whatever_their_order() -> None:
    records = [record(3, [(0, 0.0)]), record(1, [(0, 0.0)]), record(3, [(0, 0.0)], seed=1)]
    assert by_problem(records, [[1.0], [4.0], [3.0]]).tolist() == [[4.0], [2.0]]
