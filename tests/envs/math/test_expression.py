import operator
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs.math.expression import LONGEST, evaluate

SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
LEAVES = st.integers(0, 999).map(lambda n: (str(n), Fraction(n)))


def joined(parts: tuple[tuple[str, Fraction | None], str, tuple[str, Fraction | None]]) -> tuple[str, Fraction | None]:
    (left, a), sign, (right, b) = parts
    dead = a is None or b is None or (sign == "/" and b == 0)
    return f"({left} {sign} {right})", None if dead else SIGNS[sign](a, b)


TREES = st.recursive(LEAVES, lambda tree: st.tuples(tree, st.sampled_from("+-*/"), tree).map(joined), max_leaves=12)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("8/3*3", 8),
        ("1/3", Fraction(1, 3)),
        ("-2-(-3)", 1),
        ("2^3^2", 512),
        ("2**-1", Fraction(1, 2)),
        ("0.1+0.2", Fraction(3, 10)),
        ("6\u00d77\u00f72\u22121", 20),
        (r"\left(3 \times 5\right) \cdot 2 \div 6", 5),
        (r"\frac{3}{4} + \dfrac{1}{4}", 1),
        (" [1 +\n2] ", 3),
    ],
)
def test_an_expression_has_its_exact_value(text: str, value: Fraction) -> None:
    assert evaluate(text).value == value


def test_the_numbers_used_are_listed_from_left_to_right_with_repeats() -> None:
    assert evaluate("(3+15)*3-0.5").numbers == [3, 15, 3, Fraction(1, 2)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9**9**9**9", "a power is too large"),
        ("*".join(["9**99"] * 80), "too large"),
        ("(" * 1_000_000, "1000000 characters"),
        ("(" * LONGEST, "well-formed"),
        ("-" * (LONGEST - 1) + "1", "nested"),
        ("1" + "+1" * 250, "nested"),
        ("9" * LONGEST, None),
        ("1/0", "division by zero"),
        ("0**-1", "division by zero"),
        ("4**0.5", "whole number"),
        ("1e999", "'e'"),
        ("nan", "'n'"),
        ("1_000", "'_'"),
        ("1j", "'j'"),
        ("\u0661+1", "does not belong"),
        ("__import__('os').system('true')", "does not belong"),
        ("7//2", "only numbers"),
        ("()", "only numbers"),
        ("...", "only numbers"),
        ("2(3)", "only numbers"),
        ("1 2", "well-formed"),
        ("3*5=15", "'='"),
        ("", "well-formed"),
    ],
)
def test_what_is_no_bounded_arithmetic_is_refused_at_once(text: str, reason: str | None) -> None:
    began = process_time()
    if reason is None:
        assert evaluate(text).numbers == [int(text)]
    else:
        with pytest.raises(ValueError, match=reason):
            evaluate(text)
    assert process_time() - began < 0.1


@given(TREES)
def test_any_tree_agrees_with_fraction_arithmetic(tree: tuple[str, Fraction | None]) -> None:
    text, value = tree
    if value is None or len(text) > LONGEST:
        with pytest.raises(ValueError, match=r"zero|characters"):
            evaluate(text)
    else:
        assert evaluate(text).value == value


@given(st.one_of(st.text(max_size=600), st.text(alphabet="0123456789+-*/^(). \\frac{}", max_size=LONGEST)))
def test_no_text_raises_anything_but_value_error(text: str) -> None:
    try:
        str(evaluate(text).value)
    except ValueError as error:
        assert str(error) and "Exceeds the limit" not in str(error)
