"""How does a scenario file become settings? YAML, what it extends, ``--set`` on top, then the schema's verdict.

The rules of merging, the same for ``extends`` and ``--set``: mappings merge key by key, everything else is replaced
whole. Where both mappings have a ``name`` and the names differ, the new one replaces the old, for the options of one
thing mean nothing to another. A text that meets a mapping counts as its ``name``: ``algorithm: grpo`` with
``--set algorithm.clip=0.1`` is ``{name: grpo, clip: 0.1}``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from syllogym.errors import UserError
from syllogym.scenarios.catalogue import find, find_beside
from syllogym.scenarios.marked_yaml import Marked, Place, parse, read
from syllogym.scenarios.misfits import explain

M = TypeVar("M", bound=BaseModel)


def load(path_or_name: str | Path, model: type[M], overrides: Sequence[str] = ()) -> tuple[M, dict[str, Any]]:
    """Load a scenario.

    Args:
        path_or_name: a YAML file, or the name of a scenario.
        model: the schema; its parts should forbid extra keys. Lists may fill tuples, text may fill paths and enums;
            nothing else is converted.
        overrides: texts such as ``train.steps=300``; the value is YAML, the last one wins.

    Returns:
        The settings, and the merged YAML as plain values (without ``extends``; defaults are not filled in).
    """
    tree = _with_parents(find(path_or_name), [])
    for override in overrides:
        tree = merge(tree, parse_override(override))
    values = tree.plain()
    try:
        # JSON's strict mode is the one for files: a list may be a tuple, a text a path, yet "3" is not 3.
        return model.model_validate_json(json.dumps(values), strict=True), values
    except ValidationError as error:
        raise UserError(explain(error, tree, model)) from error


def parse_override(text: str) -> Marked:
    """Read ``a.b=c`` as the mapping ``{a: {b: c}}``."""
    place = Place(f"--set {text}")
    path, equals, value = text.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise UserError(f"{place}: write a key and its value with = between them, as in --set train.steps=300.")
    tree = parse(value, place)
    for key in reversed(keys):
        tree = Marked({key: tree}, place)
    return tree


def merge(base: Marked, over: Marked, top: bool = True) -> Marked:
    """Lay `over` on top of `base` by the rules above; at the top, differing names replace nothing but themselves."""
    if isinstance(base.value, str) and isinstance(over.value, dict):
        base = Marked({"name": base}, over.place)
    old, new = base.value, over.value
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return over
    if not top and "name" in old and "name" in new and old["name"].value != new["name"].value:
        return over
    values = {**old, **{key: merge(old[key], new[key], top=False) if key in old else new[key] for key in new}}
    return Marked(values, base.place if over.place.line is None else over.place)


def _with_parents(file: Path, children: list[Path]) -> Marked:
    """Read a file and lay it on top of what it extends. `children` are the files on whose behalf it is read."""
    tree = read(file)
    if tree.value is None:
        raise UserError(f"{file}: this file is empty; a scenario is a mapping of keys to values.")
    if not isinstance(tree.value, dict):
        kind = "a list" if isinstance(tree.value, list) else "one value"
        raise UserError(f"{tree.place}: a scenario is a mapping of keys to values, not {kind}.")
    values = dict(tree.value)
    extends = values.pop("extends", None)
    own = Marked(values, tree.place)
    if extends is None:
        return own
    if not isinstance(extends.value, str):
        raise UserError(f"{extends.place}: extends: this takes one name or path of a scenario.")
    chain = [*children, file]
    return merge(_with_parents(_parent(file, extends, chain), chain), own)


def _parent(file: Path, extends: Marked, chain: list[Path]) -> Path:
    try:
        parent = find_beside(file, str(extends.value))
    except UserError as error:
        raise UserError(f"{extends.place}: extends: {error}") from error
    if any(parent.samefile(link) for link in chain):
        circle = " extends ".join(link.name for link in [*chain, parent])
        raise UserError(f"{extends.place}: extends: scenarios cannot extend in a circle: {circle}.")
    return parent
