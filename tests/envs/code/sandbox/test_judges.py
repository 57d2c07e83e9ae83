"""Do judges hold equal what Python holds equal, and nothing else, whatever a program writes?"""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs.code.sandbox.cases import Judge
from syllogym.envs.code.sandbox.inside.plain import DEEPEST, NotPlain, decode, encode
from syllogym.envs.code.sandbox.judges import equal, exact, near, same_lines

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
HASHABLE = st.recursive(
    LEAVES, lambda inside: st.tuples(inside, inside) | st.frozensets(inside, max_size=3), max_leaves=5
)
VALUES = st.recursive(
    HASHABLE,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(HASHABLE, inside, max_size=3) | st.sets(HASHABLE),
    max_leaves=8,
)


def same(one: object, other: object) -> bool:
    """Type and value, by hand; NaN is the same as NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other or (one != one and other != other)
    return True if isinstance(one, set | frozenset | dict | complex) else one == other


@given(VALUES)
def test_a_value_that_passes_both_ways_is_the_same(value: object) -> None:
    text = encode(value, strict=True)
    assert exact(encode(decode(text)), text) and "\n" not in text and text.isascii()
    assert same(value, decode(text))


@given(VALUES, VALUES)
def test_equal_is_what_python_holds_equal(one: object, other: object) -> None:
    if "NaN" not in encode(one) + encode(other):
        assert equal(encode(one), encode(other)) == (one == other)


@given(st.lists(st.integers(-3, 3) | st.sampled_from([True, 1.0, 2.5, 0.0]), max_size=4))
def test_equal_sees_through_types_of_numbers(values: list[float]) -> None:
    others = [float(value) for value in values]
    for kind in (list, tuple, set, frozenset):
        assert equal(encode(kind(values)), encode(kind(others)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        ((1,), [1]),
        ({1}, frozenset({1})),
        ("1", 1),
        (b"a", "a"),
        ({1: 2}, {1.0: 2}),
        ([0], [False]),
    ],
    ids=str,
)
def test_exact_wants_the_type_too(one: object, other: object) -> None:
    assert not exact(encode(one), encode(other))


def test_exact_takes_dicts_in_any_order_and_nan_for_nan() -> None:
    assert exact(encode([{"a": 1, "b": {2: 3, 1: 2}}]), encode([{"b": {1: 2, 2: 3}, "a": 1}]))
    assert exact(encode(float("nan")), encode(float("nan"))) and not equal(encode(float("nan")), encode(float("nan")))
    assert exact(encode(-0.0), encode(0.0))


def test_subclasses_are_told_by_their_plain_value() -> None:
    class Liar(int):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = int.__hash__
        __add__ = __int__ = __index__ = lambda self, *other: 3  # type: ignore[assignment]

    assert json.loads(encode(Liar(0))) == {"as": "Liar", "of": 0}
    assert equal(encode(Liar(0)), encode(0)) and not equal(encode(Liar(0)), encode(3))
    assert not exact(encode(Liar(0)), encode(0))


def test_what_is_no_plain_data_equals_nothing() -> None:
    assert not equal(encode(open), encode(None)) and not exact(encode([open]), encode([None]))
    with pytest.raises(NotPlain, match="of type object, which is not plain data"):
        encode([object()], strict=True)


def test_depth_is_bounded() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(NotPlain, match=f"nested more than {DEEPEST} levels deep"):
        encode(loop)


@pytest.mark.parametrize(
    "text",
    ["", "[", "[" * 100_000, "9" * 10_000, "{}", '{"a":1,"b":2}', '{"int":5}', '{"set":3}', '{"dict":[1]}',
     '{"complex":1}', '{"complex":[]}', '{"complex":"ab"}',
     '{"as":"x","of":{"as":"y"}}', '{"tuple":{"list":1}}', "NaN", '{"dict":[[{"dict":3},1]]}',
     "\ud800", '"x"x'],
    ids=range(18),
)  # fmt: skip
def test_judges_take_whatever_text_a_program_writes(text: str) -> None:
    for judge in (exact, equal, near(0.1)):
        assert not judge(text, encode({"a": [1, {2}]}))


@pytest.mark.parametrize("judge", [exact, equal, near(0.1)], ids=["exact", "equal", "near"])
@pytest.mark.parametrize(
    "kind", ['{"dict":[[1,', '{"set":[', '{"tuple":[', '{"as":"x","of":['], ids=["dict", "set", "tuple", "as"]
)
@pytest.mark.parametrize("expected", [{1: [2]}, [[1] * 10_000]], ids=["short", "long"])
def test_deep_and_long_text_takes_no_time_to_refuse(judge: Judge, kind: str, expected: object) -> None:
    end = "]]}" if "dict" in kind else "]}"
    text = kind * 150 + "[" + "1," * 100_000 + "1]" + end * 150
    began = time.process_time()
    assert not judge(text, encode(expected))
    assert time.process_time() - began < 2


def test_the_order_of_a_nested_dict_makes_no_difference() -> None:
    one, other = {"a": {1: 2, "b": [{3: 4, 5: 6}]}, "c": 0}, {"c": 0, "a": {"b": [{5: 6, 3: 4}], 1: 2}}
    assert all(judge(encode(one), encode(other)) for judge in (exact, equal, near()))
    assert not any(judge(encode(one), encode({**other, "c": 1})) for judge in (exact, equal, near()))


def test_many_equal_hashes_cost_nothing() -> None:
    text = json.dumps({"set": [number * (2**61 - 1) for number in range(20_000)]})
    assert not equal(text, encode({1}))


def test_near_lets_numbers_differ_and_nothing_else() -> None:
    judge = near(absolute=0.01)
    assert judge(encode([1.005, ("a", 2)]), encode([1, ("a", 2.0)]))
    assert not judge(encode([1.02]), encode([1])) and not judge(encode((1,)), encode([1]))
    assert not judge(encode(10**400), encode(1.5)) and judge(encode(10**400), encode(10**400))


def test_lines_are_the_same_without_the_space_around() -> None:
    assert same_lines("a  \nb\r\n\n", "a\nb") and not same_lines("a b", "a  b") and not same_lines(" a", "b")
