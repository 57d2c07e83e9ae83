"""Does every value know its line, and does every malformed file get one sentence?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.errors import UserError
from syllogym.scenarios.marked_yaml import Place, parse, read

START = Place("my.yaml", 1)


def test_every_value_knows_the_line_of_its_key() -> None:
    tree = parse("a: 1\nb:\n  - x\n  - c:\n      2\n", START)
    places = [str(tree.follow(path).place) for path in (["a"], ["b"], ["b", 0], ["b", 1, "c"])]
    assert places == ["my.yaml:1", "my.yaml:2", "my.yaml:3", "my.yaml:4"]


def test_a_path_that_ends_nowhere_leads_to_the_deepest_value_on_it() -> None:
    assert parse("a:\n  b: 1\n", START).follow(["a", "c"]).place.line == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3),
        ("2.", 2.0),
        ("-.5", -0.5),
        (".inf", float("inf")),
        ("010", 10),
        ("yes", "yes"),
        ("on", "on"),
        ("True", True),
        ("~", None),
        ("", None),
        ("2020-01-01", "2020-01-01"),
        ("1:30", "1:30"),
        ("'3'", "3"),
    ],
)
def test_a_scalar_is_read_as_yaml_1_2_reads_it(text: str, value: object) -> None:
    assert repr(parse(f"key: {text}\n", START).plain()["key"]) == repr(value)


def test_anchors_and_merge_keys_work_and_own_keys_win() -> None:
    text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{x: 5}, *a]}\n"
    assert parse(text, START).plain() == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1, "y": 3},
        "d": {"x": 5, "y": 2},
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", "my.yaml:3: a stands twice in this mapping (first in line 1)."),
        ("a: b: c", "my.yaml:1:5: this is not YAML: mapping values are not allowed here."),
        ("a:\n\tb: 1", "my.yaml:2:1: this is not YAML: found character '\\t' that cannot start any token."),
        ("a: *b", "my.yaml:1:4: this is not YAML: found undefined alias 'b'."),
        ("a: &a [*a]", "my.yaml:1: the anchor holds itself."),
        ("a: !!python/object:os.x y", "my.yaml:1: the tag !!python/object:os.x means nothing here; leave it out."),
        ("a: !!bool maybe", "my.yaml:1: 'maybe' cannot be read as bool."),
        ("a: 1\nb: \0", "my.yaml:2: the character #x0000 is not allowed in YAML."),
        ('a: "\\ud800"', "my.yaml:1: '\\ud800' cannot be read as str."),
        ("? [a]\n: b", "my.yaml:1: a key is one word, not a list or a mapping."),
        ("a: {<<: 3}", "my.yaml:1: << takes a mapping or a list of mappings, such as *name."),
        ("[" * 9000, "my.yaml: the values are nested too deeply."),
    ],
)
def test_malformed_yaml_gets_one_sentence_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(UserError) as error:
        parse(text, START)
    assert str(error.value) == sentence


def test_anchors_that_multiply_without_end_are_stopped() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(UserError, match="more than 20000 values"):
        parse("\n".join(lines), START)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(UserError, match=r"my\.yaml: this is not a text file in UTF-8 \(invalid start byte at byte 3\)"):
        read(path)


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot read this file: Is a directory\.$"):
        read(tmp_path)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("ab1 :-", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_json_is_yaml_and_reads_back_as_it_was(value: object) -> None:
    assert parse(json.dumps(value), START).plain() == value


@given(st.text(max_size=60))
def test_any_text_is_either_read_or_refused_with_a_user_error(text: str) -> None:
    try:
        json.dumps(parse(text, START).plain()).encode()
    except UserError as error:
        assert str(error).startswith("my.yaml")
