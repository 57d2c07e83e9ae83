"""Is REINFORCE the method of its paper, with a baseline that it remembers?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.algorithms.reinforce import REINFORCE
from tests.algorithms.flat import batch_of, close, doubles
from tests.algorithms.gradients import agrees_with_differences

PAID = [[0, 1], [-2, 0]]
MASK = [[1, 1], [1, 0]]


@pytest.mark.parametrize(("baseline", "expected"), [("none", 0.0), ("batch", -0.5), ("moving", -0.5)])
def test_a_token_is_judged_by_what_follows_less_the_baseline(baseline: Any, expected: float) -> None:
    advantage = REINFORCE(gamma=0.5, baseline=baseline).advantages(batch_of(MASK, reward=PAID)).advantage
    close(advantage, doubles(0.5 - expected, 1 - expected, -2 - expected))


def test_the_moving_baseline_is_part_of_the_state() -> None:
    first, second = REINFORCE(decay=0.5), REINFORCE(decay=0.5)
    for _ in range(2):
        first.advantages(batch_of(MASK, reward=PAID))
    second.load_state_dict(first.state_dict())
    close(second.advantages(batch_of([[1]], reward=[[3]])).advantage, doubles(3 + 0.5))


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(REINFORCE())
