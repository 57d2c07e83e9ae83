"""When will a value do for the expected one? Judges compare canonical texts, so no object of a program is ever built.

`exact`: type and value. `equal`: as ``==`` has it, where True, 1 and 1.0 are equal, and so are a Counter and a dict.
`near`: the same, with a tolerance for numbers. `same_lines`: of outputs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any

from syllogym.envs.code.sandbox.inside.plain import Tree, text_of


def exact(given: str, expected: str) -> bool:
    """Whether type and value are the same; NaN is the same as NaN, and dicts may be in any order."""
    return given == expected or ('"dict"' in given and _sorted_dicts(given) == _sorted_dicts(expected))


def equal(given: str, expected: str) -> bool:
    """Whether ``given == expected`` would hold, if `given` is plain data; NaN equals nothing."""
    return (given == expected and "NaN" not in given) or _compare(given, expected, lambda one, other: one == other)


def near(relative: float = 1e-9, absolute: float = 0.0) -> Callable[[str, str], bool]:
    """Make a judge: `equal`, but numbers may differ as `math.isclose` lets them; sets are compared sorted."""

    return partial(_near, relative, absolute)  # unlike a closure it can be pickled


def _near(relative: float, absolute: float, given: str, expected: str) -> bool:
    return _compare(given, expected, lambda one, other: _close(one, other, relative, absolute))


def same_lines(given: str, expected: str) -> bool:
    """Whether two outputs have the same lines, whatever spaces end them and however many empty lines come last."""
    return _lines(given) == _lines(expected)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _parse(text: str) -> Tree:
    """Read a text that a program may have written itself; what cannot be read is an opaque object."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {"opaque": "unreadable"}


def _sorted_dicts(text: str) -> str:
    def ordered(tree: Tree) -> Tree:
        if isinstance(tree, list):
            return [ordered(item) for item in tree]
        if isinstance(tree, dict):
            tree = {kind: ordered(inside) for kind, inside in tree.items()}
            if isinstance(tree.get("dict"), list):
                tree["dict"].sort(key=text_of)
        return tree

    try:
        return text_of(ordered(_parse(text)))
    except RecursionError:
        return ""


def _unwrap(tree: Tree) -> Tree:
    while isinstance(tree, dict) and tree.keys() == {"as", "of"}:
        tree = tree["of"]
    return tree


def _compare(given: str, expected: str, same: Callable[[float, float], bool]) -> bool:
    try:
        return _alike(_normal(_parse(given)), _normal(_parse(expected)), same)
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError):
        return False  # not in the form that values are told in


def _normal(tree: Tree) -> tuple[Any, ...]:
    """Return (kind, parts): what ``==`` may hold equal is of one kind; the parts of sets and dicts are sorted."""
    tree = _unwrap(tree)
    if isinstance(tree, int | float):
        return "number", tree
    if not isinstance(tree, list | dict):
        return "leaf", tree
    ((kind, inside),) = tree.items() if isinstance(tree, dict) else [("list", tree)]
    if kind == "int":
        return "number", int(str(inside), 16)
    if kind == "bytes":
        return kind, ("leaf", str(inside))
    if kind == "complex" and inside[1] == 0:
        return "number", inside[0]
    if kind == "dict":
        return kind, *sorted((("pair", _normal(key), _normal(item)) for key, item in inside), key=_text)
    if kind in ("set", "frozenset"):
        return "set", *sorted(map(_normal, inside), key=_text)
    return kind, *map(_normal, inside)


def _text(normal: tuple[Any, ...]) -> str:
    """Write equal things alike, so that they are sorted alike. Of a dict's pair only the key counts."""
    kind, *parts = normal
    if kind == "number":
        whole = isinstance(parts[0], int) or (math.isfinite(parts[0]) and parts[0] == int(parts[0]))
        return hex(int(parts[0])) if whole else repr(parts[0])
    if kind == "leaf":
        return text_of(parts[0])
    return f"{kind}({','.join(map(_text, parts[:1] if kind == 'pair' else parts))})"


def _alike(one: tuple[Any, ...], other: tuple[Any, ...], same: Callable[[float, float], bool]) -> bool:
    if one[0] != other[0] or len(one) != len(other) or one[0] == "opaque":
        return False
    if one[0] == "number":
        return same(one[1], other[1])
    if one[0] == "leaf":
        return bool(one[1] == other[1])
    return all(_alike(left, right, same) for left, right in zip(one[1:], other[1:], strict=True))


def _close(one: float, other: float, relative: float, absolute: float) -> bool:
    try:
        return math.isclose(one, other, rel_tol=relative, abs_tol=absolute)
    except OverflowError:  # an integer beyond every float
        return one == other
