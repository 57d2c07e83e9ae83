"""How do rows of HumanEval+ and MBPP+ (arXiv 2305.01210) become tasks? Their tests are calls, often a thousand.

On the hub a row has a program that loops over inputs and results; it is taken apart, never run, and needs no numpy.
EvalPlus's own files have inputs only: results are those of the row's solution. ``contract``, which says what an input
may be, is not needed for inputs that keep it.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from syllogym.envs.code.contests import as_lists
from syllogym.envs.code.mbpp_inputs import meant
from syllogym.envs.code.oracle import answers
from syllogym.envs.code.problems import Reading, before, completed, lines_of
from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox import Call
from syllogym.envs.code.sandbox.cases import Judge
from syllogym.envs.code.sandbox.inside.plain import text_of
from syllogym.envs.code.sandbox.judges import equal, near
from syllogym.envs.tables import field, text

_ANY_ORDER = {
    "similar_elements", "find_char_long", "common_in_nested_lists", "extract_singly", "larg_nnum",
    "intersection_array", "find_dissimilar", "Diff",
}  # fmt: skip
"""Functions of MBPP+ that may return their values in any order, as list, tuple or set."""
_ANYTHING = {"check_str", "text_match_three", "text_starta_endb"}
"""Functions of MBPP+ of which only matters whether they return something or None."""


def inputs_only(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row of EvalPlus's own files: a prompt, inputs, and a solution that tells the right results."""
    prompt, entry, solution, number = (
        str(field(raw, places[part])) for part in ("prompt", "entry", "solution", "task")
    )
    inputs = [meant(number, given) for part in ("base", "plus") for given in field(raw, places[part]) or ()]
    if not solution.strip():
        raise ValueError("it has no solution, which is needed to know the right results")
    whole = prompt + solution
    asked = f"lambda *a: {entry}(*a) is not None" if entry in _ANYTHING else entry
    known = answers(whole, asked, _apart(inputs)[: how.most], how.isolation)
    tests = _tests(entry, known, float(field(raw, places["tolerance"]) or 0.0))
    return completed(prompt), Task(whole, tests, given=before(prompt, entry)[0])


def tested_by_a_loop(raw: Mapping[str, Any], places: Mapping[str, str], how: Reading) -> tuple[str, Task]:
    """Read a row of the hub: a test program with inputs, and results or a function that tells them."""
    solution, source = (lines_of(field(raw, places[part])) for part in ("solution", "tests"))
    tree = ast.parse(source)
    check = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "check"]
    statements = [*tree.body, *(inner for one in check for inner in one.body)]
    named = {ast.unparse(one.targets[0]): one.value for one in statements if isinstance(one, ast.Assign)}
    candidate, tolerance = _asserted(statements)
    inputs = _literal(named["inputs"])
    if "results" in named:
        known = list(zip(inputs, _literal(named["results"]), strict=True))[: how.most]
    else:
        known = answers(_reference(tree), "ref_func", _apart(inputs)[: how.most], how.isolation)
    if "prompt" in places:
        prompt, entry = (str(field(raw, places[part])) for part in ("prompt", "entry"))
        task = Task(prompt + solution, _tests(entry, known, tolerance), given=before(prompt, entry)[0])
        return completed(prompt), task
    question = "\n".join((text(raw, places["question"]), *field(raw, places["examples"])[: how.shown]))
    return question, Task(solution, _tests(candidate, known, tolerance))


def _tests(entry: str, known: Sequence[tuple[Any, Any]], tolerance: float) -> tuple[Call, ...]:
    if not known:
        raise ValueError("it has no tests")
    return tuple(
        Call(entry, tuple(given), value, judge=_judge(entry, given, value, tolerance)) for given, value in known
    )


def _judge(entry: str, given: Sequence[Any], expected: Any, tolerance: float) -> Judge:
    if entry in _ANY_ORDER:
        return in_any_order
    if entry in _ANYTHING and isinstance(expected, bool):
        return is_something
    if entry == "find_zero":
        return partial(is_root, tuple(given[0]), tolerance)
    floats = expected if isinstance(expected, list | tuple) else [expected]
    if not tolerance and floats and all(isinstance(one, float) for one in floats):
        tolerance = 1e-6
    return partial(is_close, tolerance)


def is_close(tolerance: float, given: str, expected: str) -> bool:
    """Whether values are equal, where a NaN is the same as a NaN; or near, with a tolerance, and tuples are lists."""
    if not tolerance:
        return given == expected or equal(given, expected)
    return given == expected or near(1e-7, tolerance)(as_lists(given), as_lists(expected))


def in_any_order(given: str, expected: str) -> bool:
    """Whether two lists, tuples or sets have the same members."""
    return _members(given) == _members(expected) is not None


def is_something(given: str, expected: str) -> bool:
    """Whether a truth value is the one expected; or whether there is something where True is expected, else None."""
    return given == expected if given in ("true", "false") else (given != "null") == (expected == "true")


def is_root(coefficients: Sequence[float], tolerance: float, given: str, expected: str) -> bool:
    """Whether a number is a root of the polynomial with these coefficients, the constant one first."""
    try:
        x = float(json.loads(given))
        return abs(math.fsum(factor * x**power for power, factor in enumerate(coefficients))) <= tolerance
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False


def _members(value: str) -> list[str] | None:
    try:
        tree = json.loads(value)
        if isinstance(tree, dict) and tree.keys() <= {"tuple", "set", "frozenset"}:
            (tree,) = tree.values()
        return sorted(set(map(text_of, tree))) if isinstance(tree, list) else None
    except (ValueError, RecursionError):
        return None


def _asserted(statements: Sequence[ast.stmt]) -> tuple[str, float]:
    """Return the name of the function that the loop over inputs calls, and the tolerance it allows."""
    loops = [one for one in statements if isinstance(one, ast.For) and "inputs" in ast.unparse(one.iter)]
    match loops[0].body if loops else []:
        case [ast.Expr(ast.Call(ast.Name("assertion"), [ast.Call(ast.Name(name)), _, tolerance]))]:
            return name, float(ast.literal_eval(tolerance))
        case [ast.Assert(ast.Compare(ast.Call(ast.Name("_poly")), [ast.LtE()], [tolerance]))]:
            return "candidate", float(ast.literal_eval(tolerance))
    raise ValueError("its tests are no loop over inputs that asserts something of each")


def _literal(node: ast.expr) -> Any:
    """Return the value of a literal, in which the names inf and nan are numbers."""

    class Named(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.Constant(float(node.id)) if node.id in ("inf", "nan") else node

    return ast.literal_eval(Named().visit(node))


def _reference(tree: ast.Module) -> str:
    """Return the function that tells results, with what it needs; without what needs numpy, and the inputs."""
    theirs = ("is_floats", "assertion", "check", "inputs")
    kept = [one for one in tree.body if not isinstance(one, ast.For) and not set(_names(one)) & {*theirs, "numpy"}]
    return "\n".join(map(ast.unparse, kept))


def _names(statement: ast.stmt) -> list[str]:
    """Return the names that a statement defines, or the modules that it imports."""
    match statement:
        case ast.FunctionDef(name):
            return [name]
        case ast.Assign(targets):
            return list(map(ast.unparse, targets))
        case ast.Import(aliases):
            return [alias.name for alias in aliases]
        case ast.Expr(ast.Call(ast.Name(name))):
            return [name]
    return []


def _apart(inputs: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the inputs, each once."""
    return list({repr(given): given for given in inputs}.values())
