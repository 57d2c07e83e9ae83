"""Is the test on differing problems the exact one?"""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.scenarios.analysis.mcnemar import at_least, mcnemar


def test_five_problems_to_none_happen_once_in_32() -> None:
    assert at_least(5, 0) == 1 / 32
    assert mcnemar(5, 0) == mcnemar(0, 5) == 1 / 16


def test_nothing_that_differs_is_no_evidence() -> None:
    assert at_least(0, 0) == mcnemar(0, 0) == mcnemar(3, 3) == 1.0


@given(st.integers(0, 60), st.integers(0, 60))
def test_it_is_the_tail_of_a_binomial(better: int, worse: int) -> None:
    differ = better + worse
    tail = sum(comb(differ, k) for k in range(better, differ + 1))
    assert at_least(better, worse) == pytest.approx(tail / 2**differ)


def test_thousands_of_differing_problems_overflow_nothing() -> None:
    assert mcnemar(5000, 5000) == 1.0
    assert 0 < mcnemar(5300, 4700) < 1e-8
