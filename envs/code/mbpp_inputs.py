"""Which lists in the inputs of MBPP+ stand for tuples? JSON has none, so EvalPlus's file of inputs writes lists.

The hub's copy of MBPP+ writes Python, and needs none of this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Meant = Callable[[Any], Any]
"""Turns a value as JSON has it into the value that is meant."""


def _same(value: Any) -> Any:
    return value


def _deep(value: Any) -> Any:
    return tuple(map(_deep, value)) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _list_of(meant: Meant) -> Meant:
    return lambda value: [meant(item) for item in value]


def _tuple_of(meant: Meant) -> Meant:
    return lambda value: tuple(meant(item) for item in value)


def _sets(value: Any) -> Any:
    return [set(item) if isinstance(item, list) and item else {} for item in value]


def _table(value: Any) -> Any:
    return {key: tuple(item) for key, item in value.items()}


_EVERY: dict[Meant, tuple[int, ...]] = {
    tuple: (
        2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809,
    ),
    _list_of(tuple): (63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780),
    _tuple_of(tuple): (259, 401, 445),
    _deep: (580, 615, 791),
}  # fmt: skip
"""What every argument of a problem is."""

_EACH: dict[tuple[Meant, ...], tuple[int, ...]] = {
    (_list_of(tuple),): (75, 413, 444, 753),
    (_same, tuple): (106, 750),
    (tuple,): (250, 307, 405, 446, 617, 720, 763, 808),
    (_sets,): (115,),
    (float, complex): (124,),
    (complex,): (252,),
    (_tuple_of(_listed),): (278,),
    (_table,): (722,),
}
"""What the first arguments of a problem are; further ones are as they stand."""

_BY_EVERY = {number: meant for meant, numbers in _EVERY.items() for number in numbers}
_BY_EACH = {number: meant for meant, numbers in _EACH.items() for number in numbers}


def meant(task: str, arguments: Sequence[Any]) -> list[Any]:
    """Return the arguments of a call that are meant in a problem, such as ``Mbpp/2``; others stay as they are."""
    name, _, number = task.partition("/")
    if name != "Mbpp" or not number.isdecimal():
        return list(arguments)
    every = _BY_EVERY.get(int(number), _same)
    each = _BY_EACH.get(int(number), ())
    turned = [turn(value) for turn, value in zip(each, arguments, strict=False)]
    return turned + [every(value) for value in arguments[len(turned) :]]
