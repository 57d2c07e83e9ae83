import pytest

from syllogym.envs.math.polynomial import written


@pytest.mark.parametrize(
    ("coefficients", "text"),
    [
        ([3, -1, 0], "3x^2 - x"),
        ([1, 0, -1], "x^2 - 1"),
        ([-1, 1, 1], "-x^2 + x + 1"),
        ([0, -5], "-5"),
        ([-2, 5], "-2x + 5"),
        ([0, 0], "0"),
    ],
)
def test_a_polynomial_is_written_as_in_a_book(coefficients: list[int], text: str) -> None:
    assert written(coefficients) == text
