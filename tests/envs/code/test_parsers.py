"""Do the readers of untrusted text ever do more than read? Replies, assertions, literals and packed fields, fuzzed."""

from __future__ import annotations

import base64
import contextlib
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syllogym.envs.code.contests import as_in_apps, as_lists, like_json, same_numbers
from syllogym.envs.code.evalplus import in_any_order, is_close, is_root, is_something
from syllogym.envs.code.literals import arguments_of, value_of
from syllogym.envs.code.packed import unpacked
from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.code.sandbox.assertions import convert
from syllogym.envs.code.sandbox.cases import Script
from syllogym.envs.code.sandbox.inside import plain
from syllogym.envs.code.sandbox.judges import equal, exact, near
from syllogym.errors import UserError

PIECES = (
    "```",
    "````",
    "```python",
    "```py x",
    "\n",
    "\r\n",
    "\t",
    "def f(x): pass",
    "~~~",
    "`",
    "\x00",
    "\ud800",
    " ",
)
CODE = (
    "assert ", "f(", ")", " == ", "1", "[1, 2]", "'a'", "(", ",", "not ", "abs(", " - ", " < ", "1e-6", "math.isclose(",
    "\n", "x = ", "for x in ", ":\n    ", "lambda: ", "def check(candidate):\n    ", "candidate", "import os", "{", "}",
    "*", "**", "...", "set(", "int('9' * 99)", "9 ** 9 ** 9", "is None", "\x00", "return", "class A: ", "{'a': 1}", "@",
)  # fmt: skip
LITERALS = (
    "[", "]", "(", ")", "{", "}", ",", ":", "1", "-", "+", "1e999", "0x", "1_0", "'a'", "b'a'", "'", '"', "\\", "None",
    "True", "set()", "nan", "1j", " ", "\n", "f'{f}'", "r'", "9" * 5000, "\ud800", "é", "#", "\\N{BULLET}", "*", "9**9",
)  # fmt: skip
FEW = settings(max_examples=150, deadline=None)


def texts(pieces: tuple[str, ...], most: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=5), max_size=most).map("".join)


@FEW
@given(texts(PIECES))
def test_a_reply_gives_a_program_that_stands_in_it_or_none(reply: str) -> None:
    program = program_in(reply)
    assert program is None or program in reply


@FEW
@given(texts(PIECES), st.text(alphabet="abc \n()=", min_size=1))
def test_a_program_written_as_a_reply_is_read_from_it_behind_any_finished_prose(prose: str, program: str) -> None:
    assert program_in(f"{prose.replace('`', '')}\n{as_reply(program)}") == program.strip("\n") + "\n"


@FEW
@given(texts(CODE))
@example("assert " + "(" * 5000)
@example("assert " + "-" * 5000 + "1 == f(1)")
@example("assert f(1) == " + "[" * 150 + "]" * 150)
@example("assert f(int('" + "9" * 5000 + "')) == 1")
@example("assert f(1) == dict([1])")
@example("assert f(1) == set([[]])")
@example("assert f(1) == {[]: 1}")
@example("assert f(" + ", ".join(f"a{n}=1" for n in range(300)) + ") == 1")
@example("assert f(x=1, x=2) == 1")
@example("assert f(1) == list('a' * 10)")
@example("assert f(1) == tuple(range)")
@example("assert f(1) == complex('x')")
@example("def check(candidate): pass")
@example("def check(*candidate):\n    assert candidate(1) == 2")
def test_assertions_become_tests_or_a_readable_error(source: str) -> None:
    for entry in ("", "f"):
        try:
            tests = convert(source, entry).tests
        except UserError:
            continue
        assert tests
        for test in tests:
            if not isinstance(test, Script) and hasattr(test, "arguments"):
                plain.encode((tuple(test.arguments), dict(test.keywords)))


@FEW
@given(texts(LITERALS))
@example("[" * 100_000)
@example("-" * 100_000 + "1")
@example("9" * 100_000)
@example("{[]: 1}")
@example("{{}}")
def test_a_literal_has_a_value_or_is_none(text: str) -> None:
    for read in (value_of, arguments_of):
        try:
            read(text)
        except ValueError:
            continue


@FEW
@given(st.binary(max_size=60))
@example(b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa.")
@example(b"\x80\x04cos\nsystem\n\x8c\x02id\x85R.")
@example(b"\x80\x02X\x01\x00\x00\x00ar\xff\xff\xff\x7f.")
@example(b"Va\np0\n.")
@example(b"V\\ud800\n.")
def test_a_packed_field_holds_one_text_or_is_refused(pickled: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(unpacked(base64.b64encode(zlib.compress(pickled)).decode()), str)


@FEW
@given(st.text(max_size=40))
def test_what_is_not_packed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(text)


FORGED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tuple", "set", "int", "dict", "complex", "as", "of", "x"]), inner, max_size=2
        )
    ),
    max_leaves=6,
).map(plain.text_of) | st.text(max_size=10)


@FEW
@given(FORGED, st.integers() | st.lists(st.integers() | st.floats(allow_nan=False), max_size=3))
@example("[" * 100_000, [1])
@example('{"complex":[]}', 0)
def test_judges_of_forged_values_say_yes_or_no(given_text: str, expected: object) -> None:
    known = plain.encode(expected)
    verdicts = [like_json(given_text, known), as_in_apps(given_text, known), in_any_order(given_text, known)]
    verdicts += [is_close(0.0, given_text, known), is_close(1e-6, given_text, known), is_something(given_text, "true")]
    verdicts += [judge(given_text, known) for judge in (exact, equal, near(), near(1e-3, 1e-3))]
    verdicts += [is_root((1, 2, 3), 1e-4, given_text, known), same_numbers(given_text, known)]
    assert all(isinstance(verdict, bool) for verdict in verdicts) and isinstance(as_lists(given_text), str)


@pytest.mark.parametrize(
    ("one", "other"), [("1e999999999", "1"), ("nan", "nan"), ("sNaN", "1"), ("inf", "inf "), ("1", "1 1")]
)
def test_odd_numbers_in_outputs_are_compared_at_once(one: str, other: str) -> None:
    assert same_numbers(one, other) == (one.strip() == other.strip())
