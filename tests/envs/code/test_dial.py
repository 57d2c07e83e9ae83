"""Does a program in Dial do what the language says, and end?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs.code.dial import Broken, passes, program_in, run


@pytest.mark.parametrize(
    ("program", "numbers", "written"),
    [
        ("0000", "3141", "3141"),
        ("2000", "3141", "5363"),
        ("2031", "3141", "5397"),
        ("9100", "9999", "8999"),
        ("fjdh", "3141", "5937"),
        ("2d11", "3141", "5375"),
        ("", "", ""),
    ],
    ids=["nothing", "turned once", "turned more", "past nine", "letters", "the dial stays", "empty"],
)
def test_a_program_writes_digits_turned_by_the_dial(program: str, numbers: str, written: str) -> None:
    assert run(program, numbers) == written


@pytest.mark.parametrize("program", ["123", "12345", "12x4", "12\u0663 4", "12\u00b24", "1k23"], ids=range(6))
def test_what_is_no_program_for_the_list_is_told(program: str) -> None:
    with pytest.raises(Broken):
        run(program, "3141")


@given(st.text(max_size=12), st.text("0123456789", max_size=9))
def test_any_text_is_run_or_refused_and_never_more(program: str, numbers: str) -> None:
    try:
        written = run(program, numbers)
    except Broken:
        return
    assert len(written) == len(numbers) == len(program)
    assert set(written) <= set("0123456789")


@given(st.text("0123456789", min_size=4, max_size=4), st.text("0123456789", min_size=4, max_size=4))
def test_one_example_tells_what_a_program_without_letters_is(program: str, numbers: str) -> None:
    told = run(program, numbers)
    turned = [(int(b) - int(a)) % 10 for a, b in zip(numbers, told, strict=True)]
    found = "".join(str((after - before) % 10) for before, after in zip([0, *turned], turned, strict=False))
    assert found == program


def test_the_last_character_of_a_word_is_the_instruction() -> None:
    assert program_in("5-3=2-0=2 3-1=2-2=0\n f\t") == "20f"


def test_a_program_that_cannot_be_run_does_not_pass() -> None:
    assert passes("20", (("31", "53"),)) and not passes("2", (("31", "53"),)) and not passes("21", (("31", "53"),))
