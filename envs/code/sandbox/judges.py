"""When will a value do for the expected one? Judges compare canonical texts, so no object of a program is ever built.

`exact`: type and value. `equal`: as ``==`` has it, where True, 1 and 1.0 are equal, and so are a Counter and a dict.
`near`: the same, with a tolerance for numbers. `same_lines`: of outputs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from syllogym.envs.code.sandbox.inside.plain import Tree, text_of


def exact(given: str, expected: str) -> bool:
    """Whether type and value are the same; NaN is the same as NaN, and dicts may be in any order."""
    return given == expected or (
        len(given) == len(expected) and '"dict"' in given and _sorted_dicts(given) == _sorted_dicts(expected)
    )


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
    """Return the text with the pairs of each dict in order. Each part is written once, however deep it lies."""

    def written(tree: Tree) -> str:
        if isinstance(tree, list):
            return f"[{','.join(map(written, tree))}]"
        if isinstance(tree, dict):
            return f"{{{','.join(f'{text_of(kind)}:{inside(kind, tree[kind])}' for kind in tree)}}}"
        return text_of(tree)

    def inside(kind: str, tree: Tree) -> str:
        if kind != "dict" or not isinstance(tree, list):
            return written(tree)
        return f"[{','.join(sorted(map(written, tree)))}]"

    try:
        return written(_parse(text))
    except RecursionError:
        return ""


def _unwrap(tree: Tree) -> Tree:
    while isinstance(tree, dict) and tree.keys() == {"as", "of"}:
        tree = tree["of"]
    return tree


_WHOLE = ("int", "bytes", "complex", "opaque")


def _size(tree: Tree, most: int) -> int:
    """Count the values in a value, up to one more than `most`. What is equal has as many."""
    waiting, size = [tree], 0
    while waiting and size <= most:
        tree = _unwrap(waiting.pop())
        size += 1
        if isinstance(tree, dict):
            ((kind, tree),) = tree.items()
            tree = None if kind in _WHOLE else tree
        if isinstance(tree, list):
            waiting += tree
    return size


def _compare(given: str, expected: str, same: Callable[[float, float], bool]) -> bool:
    """Compare two texts. What a program may write takes no longer than what is expected would."""
    try:
        one, other = _parse(given), _parse(expected)
        most = _size(other, len(expected))
        return _size(one, most) == most and _alike(_normal(one), _normal(other), same)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return False  # not in the form that values are told in


class _Normal(NamedTuple):
    """A value in the form in which it is compared: what ``==`` may hold equal is of one kind.

    The parts of sets and dicts are sorted by `order`, which is the same for equal values, close for close ones, and
    short: the beginning of a text, and a number for all of it.
    """

    kind: str
    parts: tuple[Any, ...]
    order: tuple[str, int]


_BEGINNING = 64


def _normal(tree: Tree) -> _Normal:
    tree = _unwrap(tree)
    if isinstance(tree, int | float):
        return _number(tree)
    if not isinstance(tree, list | dict):
        return _leaf("leaf", tree)
    ((kind, inside),) = tree.items() if isinstance(tree, dict) else [("list", tree)]
    if kind == "int":
        return _number(int(str(inside), 16))
    if kind in ("bytes", "opaque"):
        return _leaf(kind, str(inside))
    if kind == "complex" and inside[1] == 0:
        return _number(inside[0])
    if kind == "dict":
        return _branch(kind, sorted((_pair(*pair) for pair in inside), key=_order))
    if kind in ("set", "frozenset"):
        return _branch("set", sorted(map(_normal, inside), key=_order))
    return _branch(kind, list(map(_normal, inside)))


def _number(value: float) -> _Normal:
    whole = isinstance(value, int) or (math.isfinite(value) and value == int(value))
    return _Normal("number", (value,), (hex(int(value)) if whole else repr(value), 0))


def _leaf(kind: str, value: Any) -> _Normal:
    text = text_of(value)
    return _Normal(kind, (value,), (text[:_BEGINNING], hash(text)))


def _branch(kind: str, parts: list[_Normal]) -> _Normal:
    text = f"{kind}({','.join(part.order[0] for part in parts[:_BEGINNING])})"
    return _Normal(kind, tuple(parts), (text[:_BEGINNING], hash((kind, *(part.order for part in parts)))))


def _pair(key: Tree, item: Tree) -> _Normal:
    first = _normal(key)
    return _Normal("pair", (first, _normal(item)), first.order)  # no two pairs of a dict have the same key


def _order(one: _Normal) -> tuple[str, int]:
    return one.order


def _alike(one: _Normal, other: _Normal, same: Callable[[float, float], bool]) -> bool:
    if one.kind != other.kind or len(one.parts) != len(other.parts) or one.kind == "opaque":
        return False
    if one.kind == "number":
        return same(one.parts[0], other.parts[0])
    if one.kind in ("leaf", "bytes"):
        return bool(one.parts[0] == other.parts[0])
    return all(_alike(left, right, same) for left, right in zip(one.parts, other.parts, strict=True))


def _close(one: float, other: float, relative: float, absolute: float) -> bool:
    try:
        return math.isclose(one, other, rel_tol=relative, abs_tol=absolute)
    except OverflowError:  # an integer beyond every float
        return one == other
