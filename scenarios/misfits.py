"""What does the user read when a value does not fit the schema? One sentence: where, which key, what would fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from syllogym.errors import UnknownOption, did_you_mean
from syllogym.scenarios.marked_yaml import Marked

_Path = tuple[str | int, ...]

_PLAIN_WORDS = {
    "an object": "a mapping",
    "a valid array": "a list",
    "a valid tuple": "a list",
    "a valid integer": "a whole number",
    "a valid number": "a number",
    "a valid boolean": "true or false",
    "a valid string": "text",
    "a valid dictionary": "a mapping",
}


class _Misfit(NamedTuple):
    """One of pydantic's errors, at the path in the user's values that it is about."""

    path: _Path
    kind: str
    message: str
    value: Any
    context: Mapping[str, Any]


def explain(error: ValidationError, tree: Marked, model: type[BaseModel]) -> str:
    """Return the sentence for the most telling error of a validation: a wrong key before a wrong value."""
    misfits = [
        _Misfit(_path_in(tree, e["loc"], e["type"]), e["type"], e["msg"], e["input"], e.get("ctx", {}))
        for e in error.errors(include_url=False)
    ]
    first = min(misfits, key=lambda misfit: (misfit.kind != "extra_forbidden", -len(misfit.path)))
    path, sentence = first.path, ""
    if first.kind == "extra_forbidden":
        owner = _dotted(path[:-1]) or model.__name__.lower()
        sentence = str(UnknownOption.of(owner, _keys_at(model, path[:-1], error), str(path[-1])))
    elif first.kind == "missing":
        sentence = "this key is missing, and it has no default."
    elif isinstance(reason := first.context.get("error"), ValueError):
        sentence = str(reason)
        if isinstance(reason, UnknownOption) and tree.follow(path).child(reason.option):
            path = (*path, reason.option)
    else:
        sentence = _expectation(first, [m for m in misfits if m.path == path])
    return ": ".join(part for part in (str(tree.follow(path).place), _dotted(path), sentence) if part)


def _path_in(tree: Marked, location: Iterable[str | int], kind: str) -> _Path:
    """Drop from pydantic's location what is no key of the user's: the names it gives to members of a union."""
    path: list[str | int] = []
    parts = list(location)
    for position, part in enumerate(parts):
        child = tree.child(part)
        if child is not None:
            tree = child
            path.append(part)
        elif kind == "missing" and position == len(parts) - 1:
            path.append(part)
    return tuple(path)


def _expectation(first: _Misfit, same: Sequence[_Misfit]) -> str:
    """Say what would fit, in pydantic's words with YAML's nouns; members of a union are joined with "or"."""
    wanted = []
    for misfit in same:
        words = misfit.message.removeprefix("Input should be ")
        for jargon, plain in _PLAIN_WORDS.items():
            words = re.sub(rf"^{jargon}\b", plain, words)
        wanted.append(words)
    given = json.dumps(first.value, ensure_ascii=False)
    given = given if len(given) <= 40 else given[:37] + "..."
    if not all(misfit.message.startswith("Input should be ") for misfit in same):
        return f"{given} does not fit: {wanted[0]}."
    choices = re.findall(r"'([^']*)'", str(first.context.get("expected", "")))
    return f"{given} should be {' or '.join(dict.fromkeys(wanted))}.{did_you_mean(str(first.value), choices)}"


def _keys_at(model: type[BaseModel], path: _Path, error: ValidationError) -> list[str]:
    annotations: list[Any] = [model]
    for key in path:
        annotations = [inner for annotation in annotations for inner in _under(annotation, key)]
    models = [found for annotation in annotations for found in _models(annotation)]
    named = {part for e in error.errors(include_url=False) for part in e["loc"]}
    chosen = [found for found in models if found.__name__ in named] or models
    return list(dict.fromkeys(field.alias or name for found in chosen for name, field in found.model_fields.items()))


def _under(annotation: Any, key: str | int) -> Iterator[Any]:
    """Yield the types that `annotation` lets stand under a key or an index."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        if key in fields:
            yield fields[str(key)].annotation
        elif isinstance(key, int):  # a list that stands for the mapping of one of its fields
            yield from (inner for field in fields.values() for inner in _under(field.annotation, key))
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for member in get_args(annotation):
            yield from _under(member, key)
    elif get_args(annotation):  # list[T], tuple[T, ...], dict[str, T]
        yield from (member for member in get_args(annotation) if member is not str and member is not Ellipsis)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for member in get_args(annotation):
            yield from _models(member)


def _dotted(path: _Path) -> str:
    return ".".join(map(str, path))
