from fractions import Fraction
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs.answers import LONGEST, as_number, extract
from syllogym.errors import UserError

WAYS = ("boxed", "hashes", "tag", "number", "any", "plain")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (r"so \boxed{42}.", "42"),
        (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        (r"\boxed{\{1, 2\}}", r"\{1, 2\}"),
        (r"\fbox{7}", "7"),
        (r"\boxed { 7 }", "7"),
        (r"\boxed{\boxed{5}}", "5"),
        (r"\boxed{}", None),
        (r"\boxed{5", None),
        (r"\boxed", None),
        ("the box is empty", None),
    ],
)
def test_a_boxed_answer_is_read_to_its_own_closing_brace(reply: str, answer: str | None) -> None:
    assert extract(reply) == answer


def test_of_several_boxes_the_last_counts() -> None:
    assert extract(r"\boxed{5} or \boxed{6} or \boxed{7}") == "7"


def test_an_unfinished_last_box_hides_an_earlier_one() -> None:
    assert extract(r"\boxed{5} no, \boxed{6") is None


def test_hashes_take_the_rest_of_their_line() -> None:
    assert extract("#### \n18", "hashes") is None
    assert extract("9 * 2 = 18\n#### 18 \nbye", "hashes") == "18"


def test_the_last_closed_answer_tag_counts() -> None:
    assert extract("<answer>1</answer> no <answer> 2+3 </answer>", "tag") == "2+3"


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("it costs $1,234.50.", "1234.50"),
        ("3,4,5", "5"),
        ("from 5-3", "3"),
        ("the sum is -7", "-7"),
        ("the sum is \u22127", "-7"),
        ("5kg", "5"),
        ("12th", "12"),
        ("H2O", None),
        ("1e999", None),
        ("nan inf", None),
        ("\u0663\u0664", None),
        ("7" * (LONGEST + 1), None),
    ],
)
def test_the_last_number_is_a_plain_ascii_decimal(reply: str, answer: str | None) -> None:
    assert extract(reply, "number") == answer


@pytest.mark.parametrize(
    ("reply", "answer"),
    [(r"1 <answer>2</answer> #### 3 \boxed{4}", "4"), ("1 <answer>2</answer> #### 3", "3"), ("1 then 2", "2")],
)
def test_any_prefers_the_most_explicit_form(reply: str, answer: str) -> None:
    assert extract(reply, "any") == answer


def test_an_unknown_way_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="Did you mean boxed"):
        extract("5", "box")


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(
    "unit", ["\\boxed{", "{", "}", "1,", "111,", "9", "<answer>", "####", "-", "\\", "1e9", "\u0663"]
)
def test_a_hostile_megabyte_takes_no_time(how: str, unit: str) -> None:
    began = process_time()
    extract(unit * (1_000_000 // len(unit)), how)
    assert process_time() - began < 0.25


@given(st.text(), st.sampled_from(WAYS))
def test_an_extracted_answer_is_a_short_stripped_text(reply: str, how: str) -> None:
    answer = extract(reply, how)
    assert answer is None or (answer == answer.strip() and 0 < len(answer) <= LONGEST)


@given(st.text(alphabet="0123456789+-*/ ,.()ab\n", min_size=1, max_size=LONGEST), st.text(max_size=50))
def test_whatever_is_boxed_is_found(answer: str, before: str) -> None:
    assert extract(f"{before}\\boxed{{{answer}}}") == (answer.strip() or None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", Fraction(12)),
        (" -12 ", Fraction(-12)),
        ("\u221212", Fraction(-12)),
        ("$1,234$", Fraction(1234)),
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("-3/4", Fraction(-3, 4)),
        (r"-\frac{3}{4}", Fraction(-3, 4)),
        (r"\dfrac{6}{8}", Fraction(3, 4)),
        ("x = 3", Fraction(3)),
        (r"\$1{,}234", Fraction(1234)),
        (r"1\,234", Fraction(1234)),
        ("- 3 / 4", Fraction(-3, 4)),
        ("5 6", None),
        ("x_{1}=-3/4", Fraction(-3, 4)),
    ],
)
def test_a_plain_number_has_its_exact_value(text: str, value: Fraction | None) -> None:
    assert as_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "1e999", "nan", "inf", "1/0", "2+2", "1,23", "\u0661\u0662", "1_000", "0x10", "1/2/3", "9" * 1_000_000]
)
def test_anything_else_is_no_number(text: str) -> None:
    assert as_number(text) is None


@given(st.text())
def test_no_text_upsets_the_reading_of_a_number(text: str) -> None:
    assert isinstance(as_number(text), Fraction | None)


@given(st.fractions())
def test_a_fraction_is_read_back(value: Fraction) -> None:
    assert as_number(str(value)) == value
