"""How do assertions become tests that cannot be read by the program? As pairs of an expression and a value, by AST.

``assert f(2) == 4`` is the expression ``f(2)``, which is evaluated among the program's names, and the value 4, which
stays in the parent. Where one cannot be split like that, all of them run apart from the program, as a `Script`.
"""

from __future__ import annotations

import ast
import builtins
import copy
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syllogym.envs.code.sandbox.cases import Call, Expression, Judge, Script, Test
from syllogym.envs.code.sandbox.judges import equal, exact, near
from syllogym.errors import UserError

_BUILDERS: dict[str, Callable[..., Any]] = {
    kind.__name__: kind for kind in (set, frozenset, tuple, list, dict, float, int, str, bool, complex)
}

_CANNOT_FOLD = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)


@dataclass(frozen=True)
class Converted:
    """Tests, and source to run after the program and before them (what `Sandbox.run` calls `setup`)."""

    tests: tuple[Test, ...]
    setup: str = ""


def convert(source: str, entry: str = "", prelude: str = "") -> Converted:
    """Turn assertions into tests.

    Args:
        source: statements with assertions; or a function ``check(candidate)`` that holds them, as in HumanEval.
        entry: name of the program's function that `check` is given.
        prelude: trusted source that assertions rely on, such as functions given with the task. The program's own
            functions of those names play no role then, other than `entry`.

    Raises:
        UserError: if it is not Python, or holds no assertion.
    """
    try:
        return _convert(source, entry, prelude)
    except RecursionError as error:
        raise UserError("The tests are nested too deep to be read.") from error


def _convert(source: str, entry: str, prelude: str) -> Converted:
    try:
        body, given = _statements(ast.parse(source), entry), ast.parse(prelude).body
    except (SyntaxError, ValueError, MemoryError) as error:  # MemoryError: too many brackets for the parser
        raise UserError(f"The tests are not Python: {error}.") from error
    if not any(_asserts(statement) for statement in body):
        raise UserError("The tests hold no assertion.")
    bound = set(_bound([*given, *body]))
    asked = {name for name in _loaded(body) if name not in bound and not hasattr(builtins, name)} | ({entry} - {""})
    modules = {name for name in asked & sys.stdlib_module_names if not _called(name, body)}  # the program imported them
    given += [ast.Import([ast.alias(name)]) for name in sorted(modules)]
    asked -= modules
    pairs = [] if given else _pairs(body, asked)
    if pairs:
        return Converted(tuple(pairs), _setup(body, pairs))
    pieces = [(ast.unparse(statement), _asserts(statement)) for statement in body]
    if any(isinstance(node, ast.Return) for statement in body for node in _outside_functions(statement)):
        lines = "\n".join(source for source, _ in pieces).replace("\n", "\n    ")
        pieces = [(f"def check():\n    {lines}\ncheck()", True)]
    return Converted(
        (Script((*((ast.unparse(statement), False) for statement in given), *pieces), tuple(sorted(asked))),)
    )


def _statements(tree: ast.Module, entry: str) -> list[ast.stmt]:
    """The statements that matter: those of `check`, about `entry` instead of its parameter, and those around it."""
    around: list[ast.stmt] = []
    inside: list[ast.stmt] = []
    for statement in tree.body:
        if entry and isinstance(statement, ast.FunctionDef) and statement.name == "check" and statement.args.args:
            inside = [_Renamed(statement.args.args[0].arg, entry).visit(one) for one in statement.body]
        elif not _calls_check(statement):
            around.append(statement)
    return [one for one in [*around, *inside] if not _says_nothing(one)]


class _Renamed(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.new, node.ctx), node) if node.id == self.old else node


def _calls_check(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith("check(")


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assert):
        return isinstance(statement.test, ast.Constant) and bool(statement.test.value)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _asserts(statement: ast.AST) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(statement))


def _bound(statements: Sequence[ast.stmt]) -> Iterator[str]:
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def _loaded(nodes: Sequence[ast.AST]) -> set[str]:
    return {node.id for top in nodes for node in ast.walk(top) if isinstance(node, ast.Name)}


def _called(name: str, statements: Sequence[ast.stmt]) -> bool:
    calls = (node for one in statements for node in ast.walk(one) if isinstance(node, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == name for call in calls)


def _outside_functions(statement: ast.AST) -> Iterator[ast.AST]:
    yield statement
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(statement):
            yield from _outside_functions(child)


def _pairs(body: Sequence[ast.stmt], asked: set[str]) -> list[Call | Expression]:
    """Return a test for each assertion, or none at all when one of them, or what is around, cannot be taken apart."""
    pairs = []
    for statement in _settled(body):
        if isinstance(statement, ast.Assert):
            pair = _pair(statement.test, asked)
            if pair is None:
                return []
            pairs.append(pair)
        elif not isinstance(statement, ast.Assign | ast.Import | ast.ImportFrom):
            return []
    return pairs


def _settled(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements with names that are bound again and again replaced by their value at that place.

    A `Pass` in its place says that a statement cannot be put to the program, since only literals can be replaced so.
    """
    bindings = Counter(name for one in body if not isinstance(one, ast.Assert) for name in _bound([one]))
    again = {name for name, count in bindings.items() if count > 1}
    values: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Assign([ast.Name(name)], value) if name in again and _literal(value):
                values[name] = value
            case _ if again & (set(_bound([statement])) | (_loaded([statement]) - values.keys())):
                yield ast.Pass()
            case ast.Assert():
                yield _Replaced(values).visit(copy.deepcopy(statement))
            case _:
                yield ast.Pass() if _loaded([statement]) & again else statement


def _literal(node: ast.expr) -> bool:
    try:
        _folded(node)
    except _CANNOT_FOLD:
        return False
    return True


class _Replaced(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(copy.deepcopy(self.values.get(node.id, node)), node)


def _setup(body: Sequence[ast.stmt], pairs: Sequence[Call | Expression]) -> str:
    """The statements that bind what the pairs' expressions use; nothing else, since the program can read it."""
    used = {name for pair in pairs if isinstance(pair, Expression) for name in _loaded([ast.parse(pair.source)])}
    used |= {name for pair in pairs if isinstance(pair, Call) for name in _loaded([ast.parse(pair.function)])}
    needed: list[ast.stmt] = []
    for statement in reversed([one for one in body if not isinstance(one, ast.Assert)]):
        if used & set(_bound([statement])):
            needed.insert(0, statement)
            used |= _loaded([statement])
    return "\n".join(map(ast.unparse, needed))


def _pair(test: ast.expr, asked: set[str]) -> Call | Expression | None:
    match test:
        case ast.Compare(left, [ast.Eq()], [right]):
            return _question(left, right, equal) or _question(right, left, equal)
        case ast.Compare(left, [ast.Is()], [ast.Constant(bool() | None) as right]):
            return _question(left, right, exact)
        case ast.Compare(
            ast.Call(
                ast.Name("abs") | ast.Attribute(ast.Name("math"), "fabs"), [ast.BinOp(left, ast.Sub(), right)], []
            ),
            [ast.Lt() | ast.LtE()],
            [ast.Constant(float() | int() as tolerance)],
        ):
            judge = near(absolute=tolerance)
            return _question(left, right, judge) or _question(right, left, judge)
        case ast.Call(ast.Name("isclose") | ast.Attribute(ast.Name("math"), "isclose"), [left, right], options):
            known = {str(one.arg): one.value.value for one in options if isinstance(one.value, ast.Constant)}
            if len(known) == len(options) and known.keys() <= {"rel_tol", "abs_tol"}:
                relative, absolute = known.get("rel_tol", 1e-9), known.get("abs_tol", 0.0)
                if isinstance(relative, float | int) and isinstance(absolute, float | int):
                    judge = near(relative, absolute)
                    return _question(left, right, judge) or _question(right, left, judge)
        case ast.UnaryOp(ast.Not(), ast.Call(ast.Name(name)) as call) if name in asked:
            return Expression(f"not {ast.unparse(call)}", True)
        case ast.Call(ast.Name(name)) as call if name in asked:
            return Expression(f"bool({ast.unparse(call)})", True)
    return None


def _question(left: ast.expr, right: ast.expr, judge: Judge) -> Call | Expression | None:
    """Make a test of what is asked and what is expected, if that is a value that can be told without the program."""
    try:
        expected = _folded(right)
    except _CANNOT_FOLD:
        return None
    if not _loaded([left]) or _decides(left, expected):
        return None
    if isinstance(left, ast.Call) and not any(isinstance(one, ast.Starred) for one in left.args):
        try:
            arguments = tuple(map(_folded, left.args))
            keywords = {one.arg: _folded(one.value) for one in left.keywords if one.arg is not None}
            if len(keywords) == len(left.keywords):
                return Call(ast.unparse(left.func), arguments, expected, keywords, judge)
        except _CANNOT_FOLD:
            pass
    return Expression(ast.unparse(left), expected, judge)


def _decides(node: ast.expr, expected: Any) -> bool:
    """Whether an expression settles the matter itself: objects and builtins of a program may lie to it."""
    if isinstance(expected, bool) and isinstance(node, ast.Call) and _root(node) in vars(builtins):
        return True
    reckoning = [one for one in ast.walk(node) if isinstance(one, ast.Compare | ast.BoolOp | ast.BinOp | ast.UnaryOp)]
    calls = [one for each in reckoning for one in ast.walk(each) if isinstance(one, ast.Call)]
    return any(_root(call) not in vars(builtins).keys() | sys.stdlib_module_names for call in calls)


def _root(node: ast.expr) -> str:
    """The name at the left end of a chain of calls, attributes and indices."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _folded(node: ast.expr) -> Any:
    """Return the value of an expression that needs no names but those of plain types; ValueError otherwise."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _BUILDERS
        and not node.keywords
    ):
        return _BUILDERS[node.func.id](*map(_folded, node.args))
    return ast.literal_eval(node)
