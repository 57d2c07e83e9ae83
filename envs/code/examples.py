"""Which functions with a call and its value do the rows of a file hold? The form of CRUXEval."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from syllogym.envs.code.literals import arguments_of, value_of
from syllogym.envs.tables import NoField, field, load
from syllogym.errors import UserError, check_options

FIELDS = {"code": "code", "input": "input", "output": "output"}
"""Parts of a row, and where they are unless a user says otherwise."""

_loading = Lock()


class Example(NamedTuple):
    """Source of a function `f`, what stands between the brackets of a call, and the value of that call."""

    source: str
    given: str
    value: str

    @property
    def expected(self) -> str:
        """The canonical text of the value."""
        return value_of(self.value)


def read_examples(source: str, part: str, fields: Mapping[str, str], ask: str) -> tuple[Example, ...]:
    """Return the rows of a file or hub data set, loaded once in this process.

    Args:
        source: path of a local file, or name of a data set on the hub.
        part: split of the latter.
        fields: fields that differ from `FIELDS`.
        ask: with ``input``, rows whose arguments are no literals (calls, lambdas) are left out.

    Raises:
        UserError: naming file, row and field, when something is missing or cannot be read.
    """
    check_options("fields", FIELDS, fields)
    places = {**FIELDS, **fields}
    with _loading:
        return _read(source, part, tuple(sorted(places.items())), ask)


@lru_cache(maxsize=16)
def _read(source: str, part: str, places: tuple[tuple[str, str], ...], ask: str) -> tuple[Example, ...]:
    found = []
    for place, raw in enumerate(load(source, part=part), start=1):
        try:
            example = _example(raw, dict(places))
        except (NoField, ValueError) as error:
            raise UserError(f"Row {place} of {source} {error}") from error
        if ask == "output" or _writable(example.given):
            found.append(example)
    if not found:
        raise UserError(f"{source} holds no rows{' whose arguments are literals' if ask == 'input' else ''}.")
    return tuple(found)


def _example(raw: Mapping[str, Any], places: Mapping[str, str]) -> Example:
    code, given, value = (str(field(raw, places[name])) for name in FIELDS)
    try:
        value_of(value)
    except ValueError as error:
        raise ValueError(f"has an output that cannot be asked for: {error}.") from error
    return Example(code.strip("\n") + "\n", given, value)


def _writable(given: str) -> bool:
    try:
        arguments_of(given)
    except ValueError:
        return False
    return True
