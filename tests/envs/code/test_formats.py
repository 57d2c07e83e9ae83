"""Are rows in the published forms of EvalPlus, LiveCodeBench, APPS and TACO read as their authors mean them?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs.code.dataset import read_problems
from syllogym.envs.code.replies import as_reply
from tests.envs.code import rows
from tests.envs.code.rows import Row, begin, cases, packed

pytestmark = pytest.mark.usefixtures("confined")


def paid(folder: Path, preset: str, row: Row, program: str, **options: Any) -> float:
    return float(begin(folder, preset, row, **options).step(as_reply(program))[1])


SOLVED = {
    "hub humaneval": ("humaneval_plus", rows.HUB_HUMANEVAL),
    "hub reference": ("humaneval_plus", rows.HUB_REFERENCE),
    "hub root": ("humaneval_plus", rows.HUB_ROOT),
    "hub mbpp": ("mbpp_plus", rows.HUB_MBPP),
    "own humaneval": ("evalplus", rows.OWN_HUMANEVAL),
    "own mbpp": ("evalplus", rows.OWN_MBPP),
    "apps typed": ("apps", rows.TYPED),
    "taco called": ("taco", rows.CALLED),
}


@pytest.mark.parametrize("name", SOLVED)
def test_the_solution_of_a_row_is_paid(tmp_path: Path, name: str) -> None:
    env = begin(tmp_path, *SOLVED[name])
    assert env.step(env.solve())[1] == 1.0


RIGHT = {
    "within the tolerance": (
        "humaneval_plus",
        rows.HUB_HUMANEVAL,
        "def halves(xs): return [x * 0.5000000001 for x in xs]",
    ),
    "any order": ("evalplus", rows.OWN_MBPP, "def similar_elements(a, b): return [x for x in b if x in a]"),
    "any root": ("humaneval_plus", rows.HUB_ROOT, "def find_zero(xs): return -xs[0] / xs[1] + 1e-6"),
    "typed": ("livecodebench", rows.LIVE_TYPED, "print(int(input()) + 1)"),
    "another way to write a number": ("livecodebench", rows.LIVE_TYPED, "print(float(input()) + 1)"),
    "called": (
        "livecodebench",
        rows.LIVE_CALLED,
        "class Solution:\n    def after(self, xs: List[int], by): return [x + by for x in xs]",
    ),
    "a tuple": (
        "livecodebench",
        rows.LIVE_CALLED,
        "class Solution:\n    def after(self, xs, by): return tuple(x + by for x in xs)",
    ),
    "pow of Python, not of math": (
        "taco",
        rows.CALLED,
        "class Solution:\n    def up(self, xs): return [x + pow(2, 1, 9) // 2 for x in xs]",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_another_right_program_is_paid(tmp_path: Path, name: str) -> None:
    assert paid(tmp_path, *RIGHT[name]) == 1.0


WRONG = {
    "only what is shown": (
        "mbpp_plus",
        rows.HUB_MBPP,
        "def swapped(pair): return (2, 1) if pair == (1, 2) else (5, 0)",
    ),
    "beyond the tolerance": ("humaneval_plus", rows.HUB_HUMANEVAL, "def halves(xs): return [x * 0.50001 for x in xs]"),
    "no root": ("humaneval_plus", rows.HUB_ROOT, "def find_zero(xs): return -1e9"),
    "lists for tuples": ("mbpp_plus", rows.HUB_MBPP, "def swapped(pair): return [pair[1], pair[0]]"),
    "one too many": ("evalplus", rows.OWN_MBPP, "def similar_elements(a, b): return (*a, *b)"),
    "the base inputs only": ("evalplus", rows.OWN_HUMANEVAL, "def halves(xs): return {0: [], 2: [1.5, 0.75]}[len(xs)]"),
    "public cases only": ("livecodebench", rows.LIVE_TYPED, "print(2)"),
    "the wrong lines": ("livecodebench", rows.LIVE_TYPED, "n = int(input()) + 1\nprint(n)\nprint(n)"),
    "no number": ("livecodebench", rows.LIVE_TYPED, "print('nan')"),
    "the class's public case": (
        "livecodebench",
        rows.LIVE_CALLED,
        "class Solution:\n    def after(self, xs, by): return [4, 5]",
    ),
    "the first example": ("apps", rows.TYPED, "print(2)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_is_not(tmp_path: Path, name: str) -> None:
    assert paid(tmp_path, *WRONG[name]) == 0.0


def test_numbers_are_as_the_file_has_them_whatever_other_rows_hold(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    mixed = rows.OWN_HUMANEVAL | {"base_input": [[[2.5]], [[3]]], "plus_input": [[[{"a": 1}]], [[{"b": 2}]]]}
    mixed |= {"canonical_solution": "    return [x if isinstance(x, (int, dict)) else -1 for x in xs]\n"}
    file.write_text(json.dumps(rows.OWN_HUMANEVAL) + "\n" + json.dumps(mixed) + "\n")
    _, task = read_problems("evalplus", str(file))[1]
    assert [test.expected for test in task.hidden] == [[-1], [3], [{"a": 1}], [{"b": 2}]]


def test_lists_stand_for_tuples_where_evalplus_means_them(tmp_path: Path) -> None:
    env = begin(tmp_path, "evalplus", rows.OWN_MBPP)
    assert env.answer.hidden[0].arguments == ((3, 4, 5), (5, 4))


def test_an_answer_too_long_to_ask_for_is_left_out(tmp_path: Path) -> None:
    row = rows.OWN_HUMANEVAL | {
        "canonical_solution": "    return [0] * int(sum(xs))\n",
        "base_input": [[[10**6]], [[2]]],
    }
    assert [len(test.expected) for test in begin(tmp_path, "evalplus", row).answer.hidden] == [2, 7, 4]


def test_long_answers_have_room(tmp_path: Path) -> None:
    body = '    return ["x" * 90_000 for _ in xs]\n'
    row = rows.OWN_HUMANEVAL | {"canonical_solution": body, "base_input": [[[k]] for k in range(20)]}
    env = begin(tmp_path, "evalplus", row)
    assert env.step(env.solve())[1] == 1.0


@pytest.mark.parametrize("preset", ["livecodebench", "apps"])
def test_the_only_test_is_never_shown(tmp_path: Path, preset: str) -> None:
    row = {
        "livecodebench": rows.LIVE_TYPED | {"private_test_cases": ""},
        "apps": rows.TYPED | {"input_output": {"inputs": ["1\n"], "outputs": ["2\n"]}},
    }[preset]
    env = begin(tmp_path, preset, row, shown=3)
    assert not env.answer.shown and len(env.answer.hidden) == 1


def test_most_bounds_the_hidden_tests(tmp_path: Path) -> None:
    assert len(begin(tmp_path, "livecodebench", rows.LIVE_TYPED, most=1).answer.hidden) == 1


def test_what_is_packed_is_what_is_unpacked(tmp_path: Path) -> None:
    plain = cases("stdin", ("8\n", "9\n"), ("é\n", "\N{SNOWMAN}\n"))
    env = begin(tmp_path, "livecodebench", rows.LIVE_TYPED | {"private_test_cases": packed(plain)})
    assert [(test.stdin, test.expected) for test in env.answer.hidden] == [("8\n", "9\n"), ("é\n", "\N{SNOWMAN}\n")]
