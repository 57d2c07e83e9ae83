"""Where in a file does each value stand? YAML read into values that remember their file and line.

Scalars are read by the rules of YAML 1.2, not 1.1: ``1e-3`` is a number, and ``yes``, ``on`` and ``no`` are text. A key
that stands twice, a tag such as ``!!python/object``, and anchors that hold themselves or multiply endlessly are errors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from syllogym.errors import UserError

Value: TypeAlias = "dict[str, Marked] | list[Marked] | str | int | float | bool | None"

_MOST_VALUES = 20_000
_STANDARD = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Place:
    """Where the user wrote something: a file and a line (counted from 1), or an option of the command line."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}:{self.line}"


@dataclass(frozen=True)
class Marked:
    """A value and its place; inside a mapping, the place of its key."""

    value: Value
    place: Place

    def plain(self) -> Any:
        """Return the value without the places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def child(self, key: str | int) -> Marked | None:
        """Return the value under a key or index, None when there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and key < len(self.value):
            return self.value[key]
        return None

    def follow(self, path: Sequence[str | int]) -> Marked:
        """Return the value at a path, or the deepest one on the way there."""
        here = self
        for key in path:
            here = here.child(key) or here
        return here


def read(path: Path) -> Marked:
    """Read a YAML file; `UserError` says in one sentence what is wrong with it and where."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: this is not a text file in UTF-8 ({error.reason} at byte {error.start}).") from error
    except OSError as error:
        raise UserError(f"{path}: cannot read this file: {error.strerror}.") from error
    return parse(text, Place(str(path), 1))


def parse(text: str, start: Place) -> Marked:
    """Read one YAML document. Places count lines from `start`, or are `start` itself when it has no line."""
    try:
        loader = _Yaml12(text)
        node = loader.get_single_node()
        return _Reading(start).value_of(node, start) if node else Marked(None, start)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{start.source}:{mark.line + 1}:{mark.column + 1}" if mark and start.line else start.source
        problem = error.problem or error.context or "something is out of place"
        raise UserError(f"{where}: this is not YAML: {problem}.") from error
    except yaml.reader.ReaderError as error:
        where = f"{start.source}:{text[: error.position].count(chr(10)) + 1}" if start.line else start.source
        raise UserError(f"{where}: the character #x{int(error.character):04x} is not allowed in YAML.") from error
    except RecursionError as error:
        raise UserError(f"{start.source}: the values are nested too deeply.") from error


class _Yaml12(yaml.SafeLoader):
    """Resolves plain scalars as the core schema of YAML 1.2 does."""

    yaml_implicit_resolvers = {}


for _kind, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]{1,4000}", list("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.nan|\.NaN|\.NAN",
        list("-+0123456789."),
    ),
):
    _Yaml12.add_implicit_resolver(_STANDARD + _kind, re.compile(f"^(?:{_pattern})$"), _first)


class _Reading:
    """Turns composed nodes into marked values."""

    def __init__(self, start: Place) -> None:
        self.start = start
        self.count = 0
        self.open: set[int] = set()

    def value_of(self, node: yaml.Node, place: Place) -> Marked:
        self.count += 1
        if self.count > _MOST_VALUES:
            raise UserError(f"{place}: more than {_MOST_VALUES} values stand here once anchors are followed.")
        if id(node) in self.open:
            raise UserError(f"{place}: the anchor holds itself.")
        self.open.add(id(node))
        try:
            return Marked(self._contents(node, place), place)
        finally:
            self.open.remove(id(node))

    def _contents(self, node: yaml.Node, place: Place) -> Value:
        kind = node.tag.removeprefix(_STANDARD)
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            return [self.value_of(item, self._place(item)) for item in node.value]
        if isinstance(node, yaml.ScalarNode) and kind in _SCALARS:
            return self._scalar(kind, node.value, place)
        raise UserError(f"{place}: the tag {node.tag.replace(_STANDARD, '!!')} means nothing here; leave it out.")

    def _scalar(self, kind: str, text: str, place: Place) -> Value:
        try:
            text.encode()
            value: Value = _SCALARS[kind](text)
        except ValueError as error:  # a surrogate, or `!!int` before something else
            raise UserError(f"{place}: {text!a} cannot be read as {kind}.") from error
        return value

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Marked]:
        values: dict[str, Marked] = {}
        merged: list[Marked] = []
        for key_node, value_node in node.value:
            place = self._place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                raise UserError(f"{place}: a key is one word, not a list or a mapping.")
            key = self._scalar("str", key_node.value, place)
            assert isinstance(key, str)
            if key == "<<" and key_node.style is None:
                merged += self._merge_sources(value_node, place)
            elif key in values:
                raise UserError(
                    f"{place}: {key} stands twice in this mapping (first in line {values[key].place.line})."
                )
            else:
                values[key] = self.value_of(value_node, place)
        for source in merged:
            assert isinstance(source.value, dict)
            values = {**source.value, **values}
        return values

    def _merge_sources(self, node: yaml.Node, place: Place) -> list[Marked]:
        source = self.value_of(node, place)
        sources = source.value if isinstance(source.value, list) else [source]
        if not all(isinstance(item.value, dict) for item in sources):
            raise UserError(f"{place}: << takes a mapping or a list of mappings, such as *name.")
        return sources

    def _place(self, node: yaml.Node) -> Place:
        line = None if self.start.line is None else self.start.line + node.start_mark.line
        return Place(self.start.source, line)


_SCALARS: dict[str, Any] = {
    "null": lambda text: None,
    "bool": lambda text: bool(["false", "true"].index(text.lower())),
    "int": int,
    "float": lambda text: float(re.sub(r"\.(?=inf|nan)", "", text.lower())),
    "str": str,
}
