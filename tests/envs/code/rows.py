"""What do rows of published data sets look like? Small problems of our own, each in the exact form of one."""

from __future__ import annotations

import base64
import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import syllogym as sg

Row = dict[str, Any]

HALF = {
    "task_id": "HumanEval/900",
    "prompt": 'from typing import List\n\n\ndef halves(xs: List[float]) -> List[float]:\n    """Halve each."""\n',
    "entry_point": "halves",
    "canonical_solution": "    return [x / 2 for x in xs]\n",
}
_LOOP = """import numpy as np

def is_floats(x) -> bool:
    return isinstance(x, float)


def assertion(out, exp, atol):
    exact_match = out == exp
    if not exact_match and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert exact_match

"""
HUB_HUMANEVAL: Row = HALF | {
    "test": f"\n\n{_LOOP}\ndef check(candidate):\n    inputs = [[[3, 1.0]], [[]], [[-inf]]]\n"
    "    results = [[1.5, 0.5], [], [-inf]]\n    for i, (inp, exp) in enumerate(zip(inputs, results)):\n"
    "        assertion(candidate(*inp), exp, 0)\n"
}
HUB_REFERENCE: Row = HALF | {
    "test": f"{_LOOP}\n\nfrom typing import List\n\ndef ref_func(xs: List[float]) -> List[float]:\n"
    "    results = [x / 2 for x in xs]\n    return results\n\n\ndef check(candidate):\n"
    "    inputs = [[[4, 2.0]], [[]], [[4, 2.0]]]\n    for i, inp in enumerate(inputs):\n"
    "        assertion(candidate(*inp), ref_func(*inp), 0)\n"
}
HUB_ROOT: Row = {
    "task_id": "HumanEval/932",
    "prompt": "import math\n\n\ndef find_zero(xs: list):\n    '''A root of xs[0] + xs[1] * x + ...'''\n",
    "entry_point": "find_zero",
    "canonical_solution": "    return -xs[0] / xs[1]\n",
    "test": "import math\n\ndef _poly(xs: list, x: float):\n    return sum(c * x**i for i, c in enumerate(xs))"
    "\n\n\ndef check(candidate):\n    inputs = [[[1, 2]], [[-6, 3]]]\n    results = [-0.5, 2.0]\n"
    "    for i, (inp, exp) in enumerate(zip(inputs, results)):\n"
    "        assert _poly(*candidate(*inp), inp) <= 0.0001\n",
}
HUB_MBPP: Row = {
    "task_id": 902,
    "code": "\ndef swapped(pair):\n    return (pair[1], pair[0]) \n",
    "prompt": "Write a function that swaps a pair.",
    "source_file": "ours.ipynb",
    "test_imports": [],
    "test_list": ["assert swapped((1, 2)) == (2, 1)", "assert swapped((0, 5)) == (5, 0)"],
    "test": f"{_LOOP}\ninputs = [[(1, 2)], [(0, 5)], [('a', None)]]\nresults = [(2, 1), (5, 0), (None, 'a')]\n"
    "for i, (inp, exp) in enumerate(zip(inputs, results)):\n    assertion(swapped(*inp), exp, 0)\n",
}
OWN_HUMANEVAL: Row = HALF | {
    "contract": "\n    assert all(isinstance(x, float) for x in xs)",
    "base_input": [[[3, 1.5]], [[]]],
    "plus_input": [[[7]], [[3, 1.5]]],
    "atol": 0,
}
OWN_MBPP: Row = {
    "task_id": "Mbpp/2",
    "prompt": '"""\nWrite a function to find shared elements.\nassert similar_elements((3, 4), (5, 4)) == (4,)\n"""\n',
    "entry_point": "similar_elements",
    "canonical_solution": "\ndef similar_elements(a, b):\n  return tuple(set(a) & set(b))\n",
    "base_input": [[[3, 4, 5], [5, 4]]],
    "contract": "\n  assert isinstance(a, tuple) and isinstance(b, tuple) # $_CONTRACT_$\n",
    "assertion": "\nassert set(similar_elements((3, 4), (5, 4))) == set((4,))",
    "plus_input": {},
    "atol": 0,
}


def begin(folder: Path, preset: str, row: Row, **options: Any) -> Any:
    """Write a row to a file, and begin an episode with it."""
    file = folder / "rows.jsonl"
    file.write_text(json.dumps(row) + "\n")
    env = sg.make("code/dataset", file=str(file), preset=preset, **options)
    env.reset(seed=0)
    return env


def packed(cases: list[Row]) -> str:
    """Pack test cases as LiveCodeBench does its private ones."""
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(cases)))).decode()


def cases(kind: str, *pairs: tuple[str, str]) -> list[Row]:
    """Make test cases of a kind: stdin or functional."""
    return [{"input": given, "output": value, "testtype": kind} for given, value in pairs]


_ASKED = {
    "question_title": "A. One more",
    "question_content": "Print the number after the given one.\n\nSample Input 1\n1\nSample Output 1\n2",
    "platform": "atcoder",
    "question_id": "abc900_a",
    "contest_id": "abc900",
    "contest_date": "2030-01-01T00:00:00",
    "difficulty": "easy",
}
LIVE_TYPED: Row = _ASKED | {
    "starter_code": "",
    "public_test_cases": json.dumps(cases("stdin", ("1\n", "2\n"))),
    "private_test_cases": packed(cases("stdin", ("8\n", "9\n"), ("-1\n", "0\n"))),
    "metadata": "{}",
}
LIVE_CALLED: Row = _ASKED | {
    "starter_code": "class Solution:\n    def after(self, xs: List[int], by: int) -> List[int]:\n        ",
    "public_test_cases": json.dumps(cases("functional", ("[1, 2]\n3", "[4, 5]"))),
    "private_test_cases": json.dumps(cases("functional", ("[]\n3", "[]"), ("[0]\n1", "[1]"))),
    "metadata": '{"func_name": "after"}',
}
TYPED: Row = {
    "question": "Add one.",
    "solutions": '["print int(raw_input()) + 1", "print(int(input()) + 1)", "n = int(input())\\nprint(n + 1)"]',
    "starter_code": "",
    "input_output": '{"inputs": ["1\\n", "8\\n"], "outputs": ["2\\n", "9\\n"]}',
}
CALLED: Row = {
    "question": "Add one to each.",
    "solutions": ["class Solution:\n    def up(self, xs: List[int]):\n        return tuple(x + 1 for x in xs)"],
    "starter_code": "class Solution:\n    def up(self, xs: List[int]) -> List[int]:\n",
    "input_output": {"fn_name": "up", "inputs": [[[1]], [[8, 0]]], "outputs": [[2], [[9, 1]]]},
}
