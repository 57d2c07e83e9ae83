"""Is a row that cannot be read named with its file, and is nothing in it ever run?"""

from __future__ import annotations

import base64
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from tests.envs.code import rows
from tests.envs.code.rows import Row, begin

pytestmark = pytest.mark.usefixtures("confined")


class Harmful:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def bent(data: bytes) -> Row:
    return rows.LIVE_TYPED | {"private_test_cases": base64.b64encode(data).decode()}


def test_a_pickle_that_does_something_is_never_run(tmp_path: Path) -> None:
    row = bent(zlib.compress(pickle.dumps(Harmful(tmp_path / "harm"))))
    with pytest.raises(sg.UserError, match=r"Row 1 of .*rows.jsonl is not .* more than a text: .* is not run"):
        begin(tmp_path, "livecodebench", row)
    assert not (tmp_path / "harm").exists()


BAD = {
    "a list in the pickle": ("livecodebench", bent(zlib.compress(pickle.dumps(["a"]))), "more than a text"),
    "a huge memo": (
        "livecodebench",
        bent(zlib.compress(b"\x80\x02X\x01\x00\x00\x00ar\xff\xff\xff\x7f.")),
        "Expecting value",
    ),
    "a text longer than the pickle": (
        "livecodebench",
        bent(zlib.compress(b"\x80\x04\x8d" + b"\xff" * 8 + b"a.")),
        "not in the form",
    ),
    "a bomb cut off": ("livecodebench", bent(zlib.compress(b"abc" * 99)[:-6]), "is cut off"),
    "no zlib": ("livecodebench", bent(b"abc"), "packed in no known way"),
    "no base 64": (
        "livecodebench",
        rows.LIVE_TYPED | {"private_test_cases": "%%%"},
        "not in the form of livecodebench",
    ),
    "deep JSON": ("livecodebench", rows.LIVE_TYPED | {"private_test_cases": "[" * 100_000}, "not in the form"),
    "no JSON": ("livecodebench", rows.LIVE_TYPED | {"public_test_cases": "[{"}, "not in the form"),
    "no cases": (
        "livecodebench",
        rows.LIVE_TYPED | {"public_test_cases": "[]", "private_test_cases": "[]"},
        "it has no tests",
    ),
    "a case without output": (
        "livecodebench",
        rows.LIVE_TYPED | {"public_test_cases": '[{"input": "1"}]'},
        "lack one of input, output",
    ),
    "another kind": ("livecodebench", rows.LIVE_CALLED | {"metadata": "{}"}, "inputs by its metadata"),
    "no field": ("livecodebench", {"question": "?"}, "has no field"),
    "inputs without outputs": (
        "apps",
        rows.TYPED | {"input_output": {"inputs": ["1"]}},
        "no mapping with inputs and outputs",
    ),
    "more inputs than outputs": (
        "apps",
        rows.TYPED | {"input_output": {"inputs": ["1", "2"], "outputs": ["1"]}},
        "shorter",
    ),
    "arguments without a list": (
        "apps",
        rows.CALLED | {"input_output": {"fn_name": "up", "inputs": [1], "outputs": [2]}},
        "lists of arguments",
    ),
    "no mapping": ("taco", rows.TYPED | {"input_output": "[1]"}, "no mapping with inputs and outputs"),
    "no inputs": ("evalplus", rows.OWN_HUMANEVAL | {"base_input": [], "plus_input": []}, "it has no tests"),
    "no solution": ("evalplus", rows.OWN_HUMANEVAL | {"canonical_solution": ""}, "it has no solution"),
    "a solution that fails": (
        "evalplus",
        rows.OWN_HUMANEVAL | {"base_input": [["a"]]},
        "own solution fails on its own inputs: .*TypeError",
    ),
    "a solution without end": (
        "evalplus",
        rows.OWN_HUMANEVAL | {"canonical_solution": "    raise SystemExit\n"},
        "left by itself",
    ),
    "an object": (
        "evalplus",
        rows.OWN_HUMANEVAL | {"canonical_solution": "    return type('T', (), {})()\n"},
        "not in the form|own solution",
    ),
    "no loop": ("humaneval_plus", rows.HUB_HUMANEVAL | {"test": "inputs = []\nresults = []"}, "no loop over inputs"),
    "no literal": (
        "humaneval_plus",
        rows.HUB_HUMANEVAL | {"test": rows.HUB_HUMANEVAL["test"].replace("[[]]", "[open('x')]")},
        "malformed node",
    ),
    "no Python": ("mbpp_plus", rows.HUB_MBPP | {"test": "for"}, "invalid syntax"),
    "an example that is no assertion": (
        "mbpp",
        {"text": "", "code": "", "test_setup_code": "", "test_list": []},
        "it has no tests",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named_with_its_file(tmp_path: Path, name: str) -> None:
    preset, row, message = BAD[name]
    with pytest.raises(sg.UserError, match=rf"Row 1 of .*rows\.jsonl .*(?:{message})"):
        begin(tmp_path, preset, row)


def test_a_field_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.envs.code.packed.LARGEST", 1 << 20)
    with pytest.raises(sg.UserError, match=r"Row 1 of .* unpacks to more than 1048576 bytes"):
        begin(tmp_path, "livecodebench", bent(zlib.compress(bytes(2 << 20))))
