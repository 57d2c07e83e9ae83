"""Is a reply's length punished as the paper says, and measured by the reply?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.algorithms.core.rewards import Overlong, reply_lengths
from syllogym.errors import UserError
from tests.algorithms.flat import batch_of


def test_the_punishment_matches_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("dapo_overlong")
    overlong = Overlong(max_length=case["params"]["L_max"], cache=case["params"]["L_cache"])
    found = overlong.punishment(torch.tensor(case["inputs"]["lengths"], dtype=torch.float64))
    wanted = torch.tensor(case["expected"]["penalty"], dtype=torch.float64)
    torch.testing.assert_close(found, wanted, rtol=case["tol"], atol=case["tol"])


def test_no_punishment_is_plus_zero() -> None:
    assert str(Overlong(max_length=10, cache=2).punishment(torch.tensor([1.0])).item()) == "0.0"


def test_a_trajectory_is_as_long_as_its_longest_reply() -> None:
    batch = batch_of([[1, 1, 1, 1], [1, 1, 0, 0]])
    batch.last = torch.tensor([True, False, False, True, False, True])
    assert reply_lengths(batch).tolist() == [3, 2]


@pytest.mark.parametrize("cache", [0, 11])
def test_a_cache_must_fit_into_the_length(cache: int) -> None:
    with pytest.raises(UserError, match="cache"):
        Overlong(max_length=10, cache=cache)
