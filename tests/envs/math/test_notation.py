"""Are short answers read as people write them?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs.math.notation import Number, number, numbers, plain, split_unit, tidy

MATHS = st.text(alphabet="0123456789.,/-+%$^_{}()[]\\ abcdefrtx\u00d7\u2212\u00b0\n", max_size=60)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-12", Fraction(-12)),
        ("1,234", Fraction(1234)),
        ("1{,}234", Fraction(1234)),
        ("1\\,234\\,567", Fraction(1234567)),
        ("0.50", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("3/4", Fraction(3, 4)),
        ("-\\dfrac{3}{4}", Fraction(-3, 4)),
        ("\\tfrac34", Fraction(3, 4)),
        ("1\\frac{1}{2}", Fraction(3, 2)),
        ("-2 1/3", Fraction(-7, 3)),
        ("4.5e33", 45 * Fraction(10) ** 32),
        ("4.5 \\times 10^{-3}", Fraction(9, 2000)),
        ("\\$5.00", Fraction(5)),
        ("90^\\circ", Fraction(90)),
        ("$7$.", Fraction(7)),
    ],
)
def test_a_number_has_its_exact_value(text: str, value: Fraction) -> None:
    assert number(tidy(text)) == Number(value, percent=False)


@pytest.mark.parametrize(
    "text", ["", "x", "1 2", "1, 2", "1/0", "1 1/0", "12_8", "2^3", "nan", "inf", "1e9999", "٣", "--1"]
)
def test_what_is_no_plain_number_is_none(text: str) -> None:
    assert number(tidy(text)) is None


def test_a_percent_sign_is_remembered() -> None:
    assert number(tidy("25\\%")) == Number(Fraction(25), percent=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("25%", "25", True), ("25%", "0.25", True), ("25%", "25%", True), ("25%", "0.25%", False), ("25", "0.25", False)],
)
def test_a_percent_sign_may_be_left_off_but_does_not_scale_twice(one: str, other: str, same: bool) -> None:
    first, second = number(one), number(other)
    assert first is not None and second is not None
    assert first.same(second) is same is second.same(first)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10\\text{ cm}", ("10", "cm")),
        ("10 cm", ("10", "cm")),
        ("12 square feet", ("12", "squarefeet")),
        ("3\\text{ m}^2", ("3", "m2")),
        ("5 dollars", ("5", "dollar")),
        ("2x\\text{ or }3", ("2x\\text{or}3", "")),
        ("2ab", ("2ab", "")),
        ("10-4 m", ("10-4 m", "")),
        ("\\text{Evelyn}", ("\\text{Evelyn}", "")),
    ],
)
def test_a_unit_is_told_from_its_value(text: str, parts: tuple[str, str]) -> None:
    assert split_unit(tidy(text)) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$\\dfrac{1}{2}$", "\\frac12"),
        ("\\left( 3, \\frac{\\pi}{2} \\right)", "(3,\\frac{\\pi}{2})"),
        ("\\text{Evelyn}", "evelyn"),
        ("x^{2}", "x^2"),
        ("x \\in [1,2]", "x\\in[1, 2]"),
        ("5.", "5"),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(("one", "other"), [("N", "n"), ("1 2", "12"), ("x^{23}", "x^2 3"), ("a b", "ab"), ("-5", "5")])
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert plain(one) != plain(other)


def test_a_list_of_numbers_is_read_in_each_spelling() -> None:
    found = numbers("1, 2 \\text{ and } \\frac{6}{2}")
    assert found is not None and [part.value for part in found] == [1, 2, 3]


@given(MATHS)
def test_no_text_makes_the_readers_raise(text: str) -> None:
    plain(text)
    number(tidy(text))
    numbers(text)
    split_unit(tidy(text))


@given(MATHS)
def test_tidying_twice_changes_nothing_that_matters(text: str) -> None:
    assert number(tidy(tidy(text))) == number(tidy(text))


@given(st.fractions())
def test_a_fraction_is_read_back_exactly(value: Fraction) -> None:
    assert number(f"\\frac{{{value.numerator}}}{{{value.denominator}}}") == Number(value, percent=False)


@given(st.integers(-(10**30), 10**30))
def test_thousands_separators_change_nothing(value: int) -> None:
    assert number(f"{value:,}") == number(str(value)) == Number(Fraction(value), percent=False)
