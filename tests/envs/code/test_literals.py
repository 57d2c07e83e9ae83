"""Is a literal read as Python reads it, and nothing else read at all?"""

from __future__ import annotations

import ast
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from syllogym.envs.code.literals import arguments_of, value_of
from syllogym.envs.code.sandbox.inside import plain

LEAVES = some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False)
TEXTS = some.text(some.characters(exclude_categories=["Cs"])) | some.binary()
VALUES = some.recursive(
    LEAVES | TEXTS,
    lambda inner: (
        some.lists(inner) | some.tuples(inner, inner) | some.dictionaries(some.integers() | some.text("ab'\"\\"), inner)
    ),
)


@given(VALUES)
def test_what_python_writes_is_read(value: object) -> None:
    assert value_of(repr(value)) == plain.encode(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("set()", set()), ("{1, 2}", {2, 1}), ("-1.5e3", -1500.0), ("'a' 'b'", "ab"), (r"'\x41\101\u0041'", "AAA"),
     ("[1,\n 2]", [1, 2]), ("1+2j", 1 + 2j), ("b'\\x00'", b"\0"), ("{'a': (1,)}", {"a": (1,)})],
    ids=str,
)  # fmt: skip
def test_a_literal_has_its_value(text: str, value: object) -> None:
    assert value_of(text) == plain.encode(value)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "True"), ("1", "1.0"), ("[1]", "(1,)"), ("'1'", "1"), ("b'a'", "'a'")], ids=str
)
def test_values_of_different_types_differ(one: str, other: str) -> None:
    assert value_of(one) != value_of(other)


@pytest.mark.parametrize(
    "text",
    ["", "f(1)", "x", "1 if 1 else 2", "[x for x in 'a']", "f'{1}'", "...", "1or 2", r"'\d'", "'\\400'", "1 is 1",
     "__import__('os')", "2**9", "[1", "{[]: 1}", "'a", "set([1])", "0x10", "\x00", "lambda: 0", r"b'\u0041'", "--1"],
    ids=repr,
)  # fmt: skip
def test_anything_else_is_refused_without_a_warning(text: str) -> None:
    with pytest.raises(ValueError):
        value_of(text)


@pytest.mark.parametrize("text", ["(" * 5_000, "-" * 50_000 + "1", "[" * 150 + "]" * 150, "9" * 5_000, "'" * 9_999])
def test_endless_texts_are_read_or_refused_at_once(text: str) -> None:
    began = process_time()
    try:
        assert value_of(text) == plain.encode(ast.literal_eval(text))
    except ValueError:
        assert text[0] != "["
    assert process_time() - began < 0.5


def test_arguments_stand_between_brackets() -> None:
    assert arguments_of("1, 'a', [2]") == (1, "a", [2])
