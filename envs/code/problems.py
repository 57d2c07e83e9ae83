"""How do rows whose tests are assertions become tasks? One function for each form they come in.

Their tests are turned into pairs of a question and a value where that is possible, so that the program never sees them.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox.assertions import convert
from syllogym.envs.tables import field, text

T = TypeVar("T")

LEETCODE = "".join(
    f"from {module} import *\n"
    for module in ("typing", "collections", "functools", "itertools", "heapq", "bisect", "math", "builtins")
)
"""What LeetCode imports before every program; `builtins` last, for `math` has a `pow` of its own."""


class Reading(NamedTuple):
    """What is wanted of a row: how many tests are shown, how many hidden ones are run, and in which sandbox."""

    shown: int = 1
    most: int = 100_000
    isolation: str = "auto"

    def parted(self, tests: Sequence[T]) -> tuple[tuple[T, ...], tuple[T, ...]]:
        """Return the tests that are shown and those that are not. One stays hidden, or a program could know them all.

        Raises:
            ValueError: if there are none.
        """
        if not tests:
            raise ValueError("it has no tests")
        shown = min(self.shown, len(tests) - 1)
        return tuple(tests[:shown]), tuple(tests[shown:][: self.most])


def humaneval(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row with the beginning of a program, and a function ``check(candidate)``."""
    prompt, entry, solution, test = (str(field(raw, places[part])) for part in ("prompt", "entry", "solution", "tests"))
    given, helpers = before(prompt, entry)
    converted = convert(test, entry, given if any(name in test for name in helpers) else "")
    return completed(prompt), Task(prompt + solution, converted.tests[: how.most], setup=converted.setup, given=given)


def assertions(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row with a question and a list of assertions, the first of which are shown."""
    solution, setup = (lines_of(field(raw, places[part])) if places[part] else "" for part in ("solution", "setup"))
    lines = how.parted([str(line).strip() for line in field(raw, places["tests"])])
    parts = [convert("\n".join(part)) if part else None for part in lines]
    seen, unseen = (part.tests if part else () for part in parts)
    after = "\n".join((setup, *(part.setup for part in parts if part)))
    question = "\n".join((text(raw, places["question"]), *lines[0]))
    return question, Task(solution, unseen, seen, after)


def leetcode(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row with the beginning of a ``class Solution``, and assertions about an instance of it."""
    converted = convert(str(field(raw, places["tests"])))
    solution = first_program(field(raw, places["solution"])) if places["solution"] else ""
    question = completed(text(raw, places["question"]))
    return question, Task(solution, converted.tests[: how.most], setup=converted.setup, given=LEETCODE)


def completed(prompt: str) -> str:
    """Ask for the whole of a program that begins like this."""
    return f"Complete this program, and write all of it.\n```python\n{prompt.rstrip()}\n```"


def before(prompt: str, entry: str) -> tuple[str, list[str]]:
    """Return what a prompt gives before the function that is asked for, and the names of functions there."""
    try:
        body = ast.parse(prompt).body
    except SyntaxError:
        return "", []
    given = [one for one in body if not (isinstance(one, ast.FunctionDef) and one.name == entry)]
    return "\n".join(map(ast.unparse, given)), [one.name for one in given if isinstance(one, ast.FunctionDef)]


def lines_of(value: Any) -> str:
    """Return a program, which a row may hold as a list of lines."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


def first_program(value: Any) -> str:
    """Return a program, or of a list of them (as JSON, too) the first that is Python 3; none where there is none."""
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    programs = [str(one) for one in value] if isinstance(value, list) else [str(value or "")]
    return next(filter(_is_python, programs), "")


def _is_python(program: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
