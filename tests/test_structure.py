"""Does the house keep its plan? Rooms import only rooms before them, in a circle nowhere, and files stay short."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[1]
ROOMS = ("envs", "agents", "algorithms", "scenarios")
FOUNDATION = ("syllogym.errors", "syllogym.registry", "syllogym.gymnasium_ids")
"""Modules of the front door that every room may use; the rest of it stands last and may use every room."""

VAGUE = re.compile(r"(^|_)(utils?|common|helpers?|managers?|misc)(_|$)")


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name. Rooms are links inside the package, so they are walked here."""
    folders = [ROOT / "syllogym", *(ROOT / room for room in ROOMS)]
    found = {}
    for folder in folders:
        for path in folder.rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if parts[0] == "syllogym" and len(parts) > 2:
                continue  # seen through a link; counted in its room
            inside = parts if parts[0] == "syllogym" else ("syllogym", *parts)
            found[".".join(inside[:-1] if inside[-1] == "__init__" else inside)] = path
    return found


def python_files() -> list[Path]:
    """Every Python file of the repository, tests and benchmarks included."""
    return sorted({*modules().values(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")})


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: str, *, for_types: bool = False) -> Iterator[str]:
    """The modules of the package that a module imports, in functions too; those for type checkers if asked."""
    left_out = set() if for_types else {id(node) for node in type_checking(tree(modules()[module]))}
    for node in ast.walk(tree(modules()[module])):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            yield from (full for full in names.values() if full in modules())
            if node.module in modules() and not all(full in modules() for full in names.values()):
                yield node.module


def type_checking(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from ast.walk(node)


def rank(module: str) -> int:
    if module in FOUNDATION:
        return 0
    room = module.split(".")[1] if "." in module else ""
    return 1 + ROOMS.index(room) if room in ROOMS else 1 + len(ROOMS)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def absolute_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def run_alone(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120, check=True
    )
    return done.stdout.strip()


def test_a_room_imports_only_rooms_before_it() -> None:
    backwards = {
        module: later
        for module in modules()
        if (later := [wanted for wanted in imports(module, for_types=True) if rank(wanted) > rank(module)])
    }
    assert not backwards


def test_no_module_imports_itself_by_way_of_others_lazy_imports_counted() -> None:
    graph = nx.DiGraph((module, wanted) for module in modules() for wanted in imports(module) if wanted != module)
    circles = [sorted(circle) for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
    assert not circles


def test_a_file_has_at_most_300_lines() -> None:
    assert not [shown(path) for path in python_files() if length(path) > 300]


def test_the_median_file_of_the_package_has_at_most_120_lines() -> None:
    assert sorted(map(length, modules().values()))[len(modules()) // 2] <= 120


def test_a_function_has_at_most_60_lines() -> None:
    assert not [
        f"{shown(path)}: {node.name}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]


def test_a_module_says_what_it_is_for() -> None:
    assert not [module for module, path in modules().items() if not ast.get_docstring(tree(path))]


def test_a_module_has_a_name_that_means_something() -> None:
    assert not [module for module in modules() if any(VAGUE.search(part) for part in module.split("."))]


def test_rooms_are_imported_by_their_installed_name() -> None:
    assert not [
        f"{shown(path)}: {name}, write syllogym.{name}"
        for path in python_files()
        for name in absolute_imports(path)
        if name.partition(".")[0] in ROOMS
    ]


def test_environments_never_import_torch() -> None:
    names = sorted(
        module for module in modules() if module.startswith("syllogym.envs") and "worker_process" not in module
    )
    code = f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\nprint('torch' in sys.modules)"
    assert run_alone(code) == "False"


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("gymnasium", "numpy", "torch", "transformers", "pydantic", "yaml", "rich", "typer")
    code = f"import sys, syllogym\nprint([name for name in {heavy!r} if name in sys.modules])"
    assert run_alone(code) == "[]"
