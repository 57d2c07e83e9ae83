"""How do rows of well-known data sets become tasks? One function for each form they come in.

Their tests are turned into pairs of a question and a value where that is possible, so that the program never sees them.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox import Call, Stdin
from syllogym.envs.code.sandbox.assertions import convert
from syllogym.envs.code.sandbox.cases import Test
from syllogym.envs.code.sandbox.judges import equal
from syllogym.envs.tables import field, text

_LEETCODE = "".join(
    f"from {module} import *\n"
    for module in ("typing", "collections", "functools", "itertools", "heapq", "bisect", "math")
)
"""What LeetCode imports before every program."""

_MOST = 50
"""Tests of one problem that are run; some rows have thousands."""


@dataclass(frozen=True)
class Preset:
    """How the rows of one data set become problems.

    Attributes:
        read: makes a question and a task of a row, the places of its parts, and how many tests are shown.
        fields: where the parts of a row are.
        hub, subset, part: data set on the hub, its configuration, and its split; without one, a file must be given.
    """

    read: Callable[[Mapping[str, Any], Mapping[str, str], int], tuple[str, Task]]
    fields: Mapping[str, str]
    hub: str = ""
    subset: str | None = None
    part: str = "test"


def humaneval(raw: Mapping[str, Any], places: Mapping[str, str], shown: int) -> tuple[str, Task]:
    """Read a row with the beginning of a program, and a function ``check(candidate)``."""
    prompt, entry, solution, test = (str(field(raw, places[part])) for part in ("prompt", "entry", "solution", "tests"))
    given, helpers = _before(prompt, entry)
    converted = convert(test, entry, given if any(name in test for name in helpers) else "")
    question = f"Complete this program, and write all of it.\n```python\n{prompt.rstrip()}\n```"
    return question, Task(prompt + solution, converted.tests, setup=converted.setup, given=given)


def assertions(raw: Mapping[str, Any], places: Mapping[str, str], shown: int) -> tuple[str, Task]:
    """Read a row with a question and a list of assertions, the first of which are shown."""
    solution, setup = (_source(field(raw, places[part])) if places[part] else "" for part in ("solution", "setup"))
    lines = [str(line).strip() for line in field(raw, places["tests"])]
    parts = [convert("\n".join(part)) if part else None for part in (lines[:shown], lines[shown:])]
    seen, unseen = (part.tests if part else () for part in parts)
    after = "\n".join((setup, *(part.setup for part in parts if part)))
    question = "\n".join((text(raw, places["question"]), *lines[:shown]))
    return question, Task(solution, unseen, seen, after)


def leetcode(raw: Mapping[str, Any], places: Mapping[str, str], shown: int) -> tuple[str, Task]:
    """Read a row with the beginning of a ``class Solution``, and assertions about an instance of it."""
    converted = convert(str(field(raw, places["tests"])))
    solution = _source(field(raw, places["solution"])) if places["solution"] else ""
    question = f"Complete this program, and write all of it.\n```python\n{text(raw, places['question'])}\n```"
    return question, Task(solution, converted.tests[:_MOST], setup=converted.setup, given=_LEETCODE)


def inputs_outputs(raw: Mapping[str, Any], places: Mapping[str, str], shown: int) -> tuple[str, Task]:
    """Read a row with inputs and outputs: what is typed and printed, or of a function's calls, as in APPS."""
    pairs = field(raw, places["tests"])
    pairs = json.loads(pairs) if isinstance(pairs, str) else pairs
    name, start = pairs.get("fn_name"), str(raw.get("starter_code") or "")
    function = f"Solution().{name}" if "class Solution" in start else str(name)
    asked = list(zip(pairs["inputs"], pairs["outputs"], strict=True))[:_MOST]
    tests: list[Test] = [
        Call(function, tuple(given), value, judge=equal) if name else Stdin(_typed(given), _typed(value))
        for given, value in asked
    ]
    if not tests:
        raise ValueError("has no tests")
    told = "Read from standard input and print to standard output." if not name else f"Write the function {name}."
    solutions = field(raw, places["solution"]) if places["solution"] else ""
    task = Task(_source(solutions), tuple(tests[shown:]), tuple(tests[:shown]), given=_LEETCODE if name else "")
    examples = (_example(test) for test in tests[:shown])
    return "\n".join(filter(None, (text(raw, places["question"]), start.rstrip(), told, *examples))), task


PRESETS = {
    "humaneval": Preset(
        humaneval,
        {"prompt": "prompt", "entry": "entry_point", "solution": "canonical_solution", "tests": "test"},
        hub="openai/openai_humaneval",
    ),
    "mbpp": Preset(
        assertions,
        {"question": "text", "solution": "code", "tests": "test_list", "setup": "test_setup_code"},
        hub="google-research-datasets/mbpp",
        subset="full",
    ),
    "mbpp_sanitized": Preset(
        assertions,
        {"question": "prompt", "solution": "code", "tests": "test_list", "setup": "test_imports"},
        hub="google-research-datasets/mbpp",
        subset="sanitized",
    ),
    "leetcode": Preset(leetcode, {"question": "prompt", "solution": "", "tests": "test"}),
    "apps": Preset(inputs_outputs, {"question": "question", "solution": "solutions", "tests": "input_output"}),
}


def _before(prompt: str, entry: str) -> tuple[str, list[str]]:
    """Return what a prompt gives before the function that is asked for, and the names of functions there."""
    try:
        body = ast.parse(prompt).body
    except SyntaxError:
        return "", []
    given = [one for one in body if not (isinstance(one, ast.FunctionDef) and one.name == entry)]
    return "\n".join(map(ast.unparse, given)), [one.name for one in given if isinstance(one, ast.FunctionDef)]


def _source(value: Any) -> str:
    """Return a program, lines of one, or the first of several programs (as a list or as JSON)."""
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    if isinstance(value, list):
        return "\n".join(value) if all("\n" not in line for line in value) else str(value[0])
    return str(value or "")


def _typed(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _example(test: Test) -> str:
    if isinstance(test, Stdin):
        return f"Input:\n{test.stdin.rstrip()}\nOutput:\n{test.expected.rstrip()}"
    return f"{test.function}{tuple(test.arguments)!r} == {test.expected!r}" if isinstance(test, Call) else ""
