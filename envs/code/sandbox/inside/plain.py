"""Which values may cross between a program and its judge? Plain data, as one canonical line of text.

Plain are None, bool, int, float, complex, str, bytes, list, tuple, set, frozenset and dict, nested up to a depth.
Equal values of equal types have equal texts (0.0 and -0.0 alike; dicts in the same order), so a judge compares texts
and never builds an object that a program chose. An instance of a subclass is told by its type's name and its plain
value, read past whatever methods it overrides; anything else by its type's name alone.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable
from typing import Any, TypeAlias

Tree: TypeAlias = Any
"""What JSON can say; every container but a list is an object with one key that names its type."""

DEEPEST = 200
"""Levels of containers in one value; a value that contains itself exceeds any number."""

_WIDEST = 1 << 63  # wider integers are written in base 16, which takes linear time and has no limit of digits

_APART = 2  # the version of `marshal` that keeps no object in common: what one test changes, no other sees

_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class NotPlain(ValueError):
    """A value that is not plain data; the message says what is the matter."""


class TooDeep(NotPlain):
    """A value that is nested deeper than `DEEPEST`, or contains itself."""


def encode(value: Any, *, strict: bool = False) -> str:
    """Return the canonical text of a value.

    Args:
        value: the value.
        strict: refuse what is not plain, instead of naming its type.

    Raises:
        NotPlain: if it is nested too deep, or is not plain and must be.
    """
    return text_of(_tree(value, 0, strict))


def text_of(tree: Tree) -> str:
    """Return the text of a tree."""
    return int.__repr__(tree) if type(tree) is int else _dumps(tree)


def decode(text: str) -> Any:
    """Return the value of a text that a trusted side encoded."""
    return _value(json.loads(text))


def packed(value: Any) -> bytes:
    """Return plain data as bytes for a process that trusts this one: faster to read than text (`marshal.loads`)."""
    return marshal.dumps(value, _APART)


def _tree(value: Any, depth: int, strict: bool) -> Tree:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if -_WIDEST < value < _WIDEST else {"int": hex(value)}
    if kind is float:
        return value + 0.0  # turns -0.0 into 0.0
    if depth == DEEPEST:
        raise TooDeep(f"nested more than {DEEPEST} levels deep")
    if kind in _BRANCHES:
        return _BRANCHES[kind](value, depth + 1, strict)
    for base, plain in _BASES:
        if isinstance(value, base) and not strict:
            return {"as": kind.__name__, "of": _tree(plain(value), depth + 1, strict)}
    if strict:
        raise NotPlain(f"of type {kind.__name__}, which is not plain data")
    return {"opaque": kind.__name__}


def _sorted(values: Any, depth: int, strict: bool) -> list[Tree]:
    return sorted((_tree(item, depth, strict) for item in values), key=_dumps)


def _pairs(value: dict[Any, Any], depth: int, strict: bool) -> Tree:
    return {"dict": [[_tree(key, depth, strict), _tree(item, depth, strict)] for key, item in value.items()]}


_BRANCHES: dict[type, Callable[[Any, int, bool], Tree]] = {
    list: lambda value, depth, strict: [_tree(item, depth, strict) for item in value],
    tuple: lambda value, depth, strict: {"tuple": [_tree(item, depth, strict) for item in value]},
    dict: _pairs,
    set: lambda value, depth, strict: {"set": _sorted(value, depth, strict)},
    frozenset: lambda value, depth, strict: {"frozenset": _sorted(value, depth, strict)},
    bytes: lambda value, depth, strict: {"bytes": value.hex()},
    complex: lambda value, depth, strict: {"complex": [value.real + 0.0, value.imag + 0.0]},
}

_BASES: list[tuple[type, Callable[[Any], Any]]] = [  # the methods of the base class see the real value
    (int, lambda value: int.__add__(value, 0)),
    (float, lambda value: float.__add__(value, 0.0)),
    (complex, lambda value: complex.__add__(value, 0j)),
    (str, lambda value: str.__add__(value, "")),
    (bytes, lambda value: bytes(memoryview(value))),
    (list, lambda value: list(list.__iter__(value))),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
]


def _value(tree: Tree) -> Any:
    if isinstance(tree, list):
        return [_value(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    (kind, inside), *_ = tree.items()
    if kind == "as":
        return _value(tree["of"])
    return _BUILDS[kind](inside)


def _refuse(name: str) -> Any:
    raise NotPlain(f"of type {name}, which is not plain data")


_BUILDS: dict[str, Callable[[Any], Any]] = {
    "int": lambda text: int(text, 16),
    "tuple": lambda items: tuple(map(_value, items)),
    "dict": lambda pairs: {_value(key): _value(item) for key, item in pairs},
    "set": lambda items: set(map(_value, items)),
    "frozenset": lambda items: frozenset(map(_value, items)),
    "bytes": bytes.fromhex,
    "complex": lambda parts: complex(*parts),
    "opaque": _refuse,
}
