"""How do rows of programming contests become tasks? APPS, TACO and LiveCodeBench: inputs and outputs, typed or called.

Outputs are compared line by line. As the authors' own judges have it, a tuple will do for the list that JSON can say;
in APPS the value of a call may stand in a list of its own; in LiveCodeBench numbers may be written otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from syllogym.envs.code.packed import unpacked
from syllogym.envs.code.problems import LEETCODE, Reading, first_program
from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox import Call, Stdin
from syllogym.envs.code.sandbox.cases import Judge
from syllogym.envs.code.sandbox.inside.plain import Tree, text_of
from syllogym.envs.code.sandbox.judges import equal, same_lines
from syllogym.envs.tables import NoField, field, text


def inputs_outputs(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row with inputs and outputs: what is typed and printed, or of a function's calls, as in APPS."""
    pairs = field(raw, places["tests"])
    pairs = json.loads(pairs) if isinstance(pairs, str) else pairs
    if not isinstance(pairs, Mapping) or not {"inputs", "outputs"} <= pairs.keys():
        raise ValueError("its tests are no mapping with inputs and outputs")
    name, start = pairs.get("fn_name"), _start(raw, places)
    asked = list(zip(pairs["inputs"], pairs["outputs"], strict=True))
    if name:
        tests: list[Call | Stdin] = [called(str(name), start, given, value, as_in_apps) for given, value in asked]
    else:
        tests = [Stdin(_typed(given), _typed(value)) for given, value in asked]
    shown, hidden = how.parted(tests)
    solution = first_program(field(raw, places["solution"])) if places["solution"] else ""
    task = Task(solution, hidden, shown, given=LEETCODE if name else "")
    told = f"Write the function {name}." if name else "Read from standard input and print to standard output."
    return "\n".join(filter(None, (text(raw, places["question"]), start, told, *map(_example, shown)))), task


def livecodebench(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row with public tests, which its question tells, and private ones, which are packed."""
    about, start = json.loads(field(raw, places["about"]) or "{}"), _start(raw, places)
    name = str(about.get("func_name") or "")
    public, private = (_cases(field(raw, places[part])) for part in ("public", "private"))
    if any(case["testtype"] != ("functional" if name else "stdin") for case in (*public, *private)):
        raise ValueError(f"its tests are {'calls' if name else 'inputs'} by its metadata, but not by their testtype")
    shown, hidden = ([_case(name, start, case) for case in cases] for cases in (public, private))
    if not hidden:  # nothing is held back, so nothing is said of them in feedback
        shown, hidden = [], shown
    if not hidden:
        raise ValueError("it has no tests")
    task = Task("", tuple(hidden[: how.most]), tuple(shown), given=LEETCODE)
    told = "Complete the class." if name else "Read from standard input and print to standard output."
    return "\n".join(filter(None, (text(raw, places["question"]), start, told))), task


def called(name: str, start: str, arguments: Sequence[Any], expected: Any, judge: Judge) -> Call:
    """Make a test that calls a function, or the method of a class ``Solution`` where a row begins with one."""
    if not isinstance(arguments, list):
        raise ValueError(f"its inputs for {name} are not lists of arguments")
    return Call(f"Solution().{name}" if "class Solution" in start else name, tuple(arguments), expected, judge=judge)


def like_json(given: str, expected: str) -> bool:
    """Whether a value equals what JSON says, where a tuple will do for a list."""
    return equal(given, expected) or ('"tuple"' in given and equal(as_lists(given), expected))


def as_in_apps(given: str, expected: str) -> bool:
    """The same, or the value is the first that stands in the list expected."""
    if like_json(given, expected):
        return True
    known = json.loads(expected)
    return bool(isinstance(known, list) and known and like_json(given, text_of(known[0])))


def same_numbers(given: str, expected: str) -> bool:
    """Whether two outputs have the same lines, where 1.0 will do for 1."""
    if same_lines(given, expected):
        return True
    lines = [[line.split() for line in output.strip().split("\n")] for output in (given, expected)]
    return len(lines[0]) == len(lines[1]) and all(map(_same_line, *lines))


def _same_line(one: list[str], other: list[str]) -> bool:
    return one == other or (len(one) == len(other) and all(map(_same_number, one, other)))


def _same_number(one: str, other: str) -> bool:
    try:
        numbers = Decimal(one), Decimal(other)
    except InvalidOperation:
        return False
    return all(number.is_finite() for number in numbers) and numbers[0] == numbers[1]


def as_lists(given: str) -> str:
    """Return the text of a value with lists for its tuples, or nothing if it cannot be read."""

    def plain(tree: Tree) -> Tree:
        if isinstance(tree, dict) and tree.keys() == {"tuple"}:
            tree = tree["tuple"]
        return [plain(item) for item in tree] if isinstance(tree, list) else tree

    try:
        return text_of(plain(json.loads(given)))
    except (ValueError, RecursionError):
        return ""


def _cases(value: Any) -> list[Mapping[str, Any]]:
    """Return the test cases of a field: JSON, or packed JSON."""
    if isinstance(value, str) and value:
        value = json.loads(value if value.lstrip().startswith("[") else unpacked(value))
    cases = list(value or ())
    if not all(isinstance(case, Mapping) and case.keys() >= {"input", "output", "testtype"} for case in cases):
        raise ValueError("its test cases lack one of input, output, testtype")
    return cases


def _case(name: str, start: str, case: Mapping[str, Any]) -> Call | Stdin:
    given, expected = str(case["input"]), str(case["output"])
    if not name:
        return Stdin(given, expected, same_numbers)
    return called(name, start, [json.loads(line) for line in given.split("\n")], json.loads(expected), like_json)


def _start(raw: Mapping[str, Any], places: Mapping[str, str]) -> str:
    try:
        return str(field(raw, places["start"]) or "").rstrip() if places["start"] else ""
    except NoField:
        return ""  # many rows begin with nothing


def _typed(value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _example(test: Call | Stdin) -> str:
    if isinstance(test, Stdin):
        return f"Input:\n{test.stdin.rstrip()}\nOutput:\n{test.expected.rstrip()}"
    return f"{test.function}({', '.join(map(repr, test.arguments))}) == {test.expected!r}"
