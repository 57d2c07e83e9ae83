"""Do coefficients stay, follow their schedule, or steer to their target?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.errors import UserError


@pytest.mark.parametrize(
    ("schedule", "weights"), [("constant", (3, 3, 3)), ("linear", (3, 2, 1)), ("cosine", (3, 2, 1))]
)
def test_a_schedule_leads_to_its_end(schedule: Any, weights: tuple[float, ...]) -> None:
    coefficient = Coefficient(coefficient=3.0, schedule=schedule, end=1.0)
    assert [coefficient.at(progress) for progress in (0.0, 0.5, 1.0)] == pytest.approx(weights)


def test_a_cosine_begins_slowly() -> None:
    assert Coefficient(coefficient=1.0, schedule="cosine").at(0.25) == pytest.approx(0.5 + 0.5 * 0.5**0.5)


def test_an_exponential_goes_to_its_end_by_equal_factors() -> None:
    coefficient = Coefficient(coefficient=0.1, schedule="exponential", end=0.001)
    assert [coefficient.at(progress) for progress in (0.0, 0.5, 1.0)] == pytest.approx([0.1, 0.01, 0.001])


def test_an_exponential_needs_both_ends() -> None:
    with pytest.raises(UserError, match="end above 0"):
        Coefficient(coefficient=0.1, schedule="exponential")


@pytest.mark.parametrize(("excess", "factor"), [(0.1, 1.01), (5.0, 1.02), (-0.1, 0.99), (-5.0, 0.98)])
def test_a_steered_weight_moves_against_the_excess_and_not_too_far(excess: float, factor: float) -> None:
    coefficient = Coefficient(coefficient=2.0, target=6.0, horizon=1000)
    coefficient.steer(excess, 100)
    assert coefficient.at(0.0) == pytest.approx(2.0 * factor)


def test_a_steered_weight_goes_on_from_its_state() -> None:
    first, second = (Coefficient(coefficient=2.0, target=6.0) for _ in range(2))
    first.steer(1.0, 5000)
    second.load_state_dict(first.state_dict())
    assert second.at(0.0) == first.at(0.0) != 2.0


@pytest.mark.parametrize(
    ("settings", "active"),
    [
        ({"coefficient": 0.0}, False),
        ({"coefficient": 0.1}, True),
        ({"coefficient": 0.0, "end": 0.1}, False),
        ({"coefficient": 0.0, "end": 0.1, "schedule": "linear"}, True),
    ],
)
def test_a_coefficient_is_active_if_it_ever_weighs_anything(settings: dict[str, Any], active: bool) -> None:
    assert Coefficient(**settings).active is active


@pytest.mark.parametrize("wrong", [{"target": 0.0}, {"target": 6.0, "coefficient": 0.0}, {"target": 6.0, "horizon": 0}])
def test_what_cannot_be_steered_is_the_users_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="steered"):
        Coefficient(**{"coefficient": 0.1, **wrong})
