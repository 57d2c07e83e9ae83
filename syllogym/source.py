"""What does a registered class say about itself, read from its source without running it?

Methods and agents import torch, which takes seconds; `syllogym list` reads their files instead.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

_ROOT = Path(__file__).parent


@dataclass(frozen=True)
class ClassSource:
    """A class as its source shows it.

    Attributes:
        docstring: its own. question: its module's.
        settings: the source of the default of every setting, inherited ones included; empty where there is none.
    """

    docstring: str = ""
    question: str = ""
    settings: dict[str, str] = field(default_factory=dict)


def read_class(file: Path, name: str = "", mark: str = "register") -> ClassSource:
    """Read the class called `name`, or else the first under the decorator `mark`; an empty answer without one."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    for node in module.body:
        if isinstance(node, ast.ClassDef) and _is_wanted(node, name, mark):
            texts = (ast.get_docstring(node) or "", ast.get_docstring(module) or "")
            return ClassSource(*texts, _settings(node, module))
    return ClassSource()


def _is_wanted(cls: ast.ClassDef, name: str, mark: str) -> bool:
    return cls.name == name if name else any(mark in ast.unparse(found) for found in cls.decorator_list)


def _settings(cls: ast.ClassDef, module: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for base in cls.bases:
        if isinstance(base, ast.Subscript):
            base = base.value
        if isinstance(base, ast.Name):
            found |= _settings_of_name(base.id, module)
    for node in cls.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if "ClassVar" not in ast.unparse(node.annotation) and not node.target.id.startswith("_"):
                found[node.target.id] = _default(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name == "__init__":
            found |= _parameters(node.args)
    return found


def _default(value: ast.expr | None) -> str:
    """Return the source of a field's default, or of what its factory makes."""
    if isinstance(value, ast.Call) and ast.unparse(value.func) == "field":
        made = next((word.value for word in value.keywords if word.arg == "default_factory"), None)
        return f"{ast.unparse(made)}()" if made else ast.unparse(value)
    return ast.unparse(value) if value else ""


def _settings_of_name(name: str, module: ast.Module) -> dict[str, str]:
    """Return the settings of the class that `name` means in a module: defined there, or imported from this package."""
    for node in module.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return _settings(node, module)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("syllogym."):
            original = next((alias.name for alias in node.names if (alias.asname or alias.name) == name), None)
            if original:
                folder = _ROOT.joinpath(*node.module.split(".")[1:])
                file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
                return _settings_of_name(original, ast.parse(file.read_text(encoding="utf-8")))
    return {}


def _parameters(arguments: ast.arguments) -> dict[str, str]:
    positional = arguments.args[1:]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    pairs = [*zip(positional, defaults, strict=False), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return {parameter.arg: ast.unparse(default) if default else "" for parameter, default in pairs}
