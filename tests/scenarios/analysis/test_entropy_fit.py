"""Does the fit of accuracy to entropy find the law, its ceiling, and where there is none?"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from syllogym.scenarios.analysis.entropy_fit import EntropyFit, fit_entropy


def test_the_fit_agrees_with_the_reference(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("entropy_reward_fit")
    given, expected = case["inputs"], case["expected"]
    exact, noisy = (fit_entropy(given["H"], given[name]) for name in ("R_exact", "R_noisy"))
    assert (exact.a, exact.b, exact.ceiling) == pytest.approx(
        (expected["a"], expected["b"], expected["ceiling"]), abs=case["tol"]
    )
    assert (noisy.a, noisy.b, noisy.rmse, noisy.r2) == pytest.approx(
        [expected[f"{name}_noisy"] for name in ("a", "b", "rmse", "r2")], abs=case["tol"]
    )


def test_the_ceiling_is_the_reward_where_no_entropy_is_left() -> None:
    fit = EntropyFit(a=0.2, b=1.0, r2=1.0, rmse=0.0)
    assert fit.ceiling == pytest.approx(0.8)
    assert fit.reward([0.0, math.log(2)]) == pytest.approx([0.8, 0.6])


@pytest.mark.parametrize(
    ("fit", "holds"),
    [
        (EntropyFit(0.2, 1.0, 0.95, 0.0), True),
        (EntropyFit(0.2, 1.0, 0.85, 0.0), False),  # scattered
        (EntropyFit(0.2, 1.3, 0.95, 0.0), False),  # a ceiling above 1
        (EntropyFit(-0.2, 0.5, 0.95, 0.0), False),  # reward rises with entropy
    ],
)
def test_a_law_that_cannot_be_is_said_not_to_hold(fit: EntropyFit, holds: bool) -> None:
    assert fit.holds is holds


@pytest.mark.parametrize(
    ("entropy", "reward"), [([1.0, 0.5], [0.1, 0.2]), ([1.0] * 4, [0.1, 0.2, 0.3, 0.4]), ([1.0, 0.5, 0.2], [0.3] * 3)]
)
def test_too_little_to_fit_is_refused(entropy: list[float], reward: list[float]) -> None:
    with pytest.raises(ValueError, match="at least three steps"):
        fit_entropy(np.array(entropy), np.array(reward))
