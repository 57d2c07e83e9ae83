"""How is a thought tree kept in a file? As JSON, a list for each column; states that are plain data too.

Plain are None, texts, numbers (fractions too), and tuples and frozensets of these. Other states, such as forks of an
environment, are left out (``states=False``) and thought again when the tree is read with its task.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import astuple
from fractions import Fraction
from math import isnan, nan
from typing import Any

from syllogym.envs.tree.search_task import IllegalThought, SearchTask
from syllogym.envs.tree.thought_tree import COLUMNS, Status, ThoughtTree
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError

FORMAT = "syllogym thought tree 1"

_PLAIN = tuple(name for name in COLUMNS if name not in ("state", "status", "value", "usage", "depth"))


def to_json(tree: ThoughtTree, *, states: bool = True) -> str:
    """Write a tree; `from_json` reads the same back.

    Raises:
        UserError: where a state is not plain data, naming its node; say ``states=False`` then.
    """
    columns: dict[str, list[Any]] = {name: getattr(tree, name) for name in _PLAIN}
    columns["status"] = [status.name for status in tree.status]
    columns["value"] = [None if isnan(value) else value for value in tree.value]
    columns["usage"] = [None if usage is None else astuple(usage) for usage in tree.usage]
    if states:
        columns["state"] = [_coded(state, node) for node, state in enumerate(tree.state)]
    return json.dumps({"format": FORMAT, "columns": columns, "also": tree.also})


def from_json(text: str, task: SearchTask[Any] | None = None) -> ThoughtTree:
    """Read a tree.

    Args:
        text: as `to_json` wrote it.
        task: thinks the states again that were left out: from the root, thought by thought. A thought that it calls
            illegal has no state, nor has what is below it. Without a task, none has.

    Raises:
        UserError: where the text is no such tree.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError(f"its format is {data['format']!r}")
        columns = data["columns"]
        tree = _built(columns, data["also"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UserError(f"That is no thought tree ({FORMAT}): {type(error).__name__}: {error}") from error
    if task is not None and "state" not in columns:
        for node in range(len(tree)):
            tree.state[node] = task.root() if node == 0 else _stepped(tree, node, task)
    return tree


def _built(columns: dict[str, list[Any]], also: list[list[Any]]) -> ThoughtTree:
    size = len(columns["text"])
    if not size or any(len(column) != size for column in columns.values()):
        raise ValueError("its columns have different lengths, or none")
    states = [_decoded(state) for state in columns["state"]] if "state" in columns else [None] * size
    tree = ThoughtTree(columns["text"][0], states[0])
    for node in range(1, size):
        if not 0 <= columns["parent"][node] < node:
            raise ValueError(f"node {node} has the parent {columns['parent'][node]!r}")
        tree.add(columns["parent"][node], columns["text"][node], state=states[node])
    for name in ("author", "visits", "total", "prior"):
        setattr(tree, name, columns[name])
    tree.status = [Status[name] for name in columns["status"]]
    tree.value = [nan if value is None else value for value in columns["value"]]
    tree.usage = [None if usage is None else Usage(*usage) for usage in columns["usage"]]
    tree.also = [(int(parent), int(node), str(thought)) for parent, node, thought in also]
    return tree


def _stepped(tree: ThoughtTree, node: int, task: SearchTask[Any]) -> Hashable:
    before = tree.state[tree.parent[node]]
    if before is None:
        return None
    try:
        state: Hashable = task.step(before, tree.text[node])
    except IllegalThought:
        return None
    return state


def _coded(state: Any, node: int) -> Any:
    if state is None or type(state) in (str, int, float, bool):
        return state
    if type(state) is Fraction:
        return {"fraction": str(state)}
    if type(state) is tuple:
        return {"tuple": [_coded(part, node) for part in state]}
    if type(state) is frozenset:
        return {"frozenset": sorted((_coded(part, node) for part in state), key=json.dumps)}
    raise UserError(
        f"The state of node {node} is a {type(state).__name__}, which JSON cannot hold: "
        "write the tree with states=False, and read it with its task."
    )


def _decoded(state: Any) -> Hashable:
    if not isinstance(state, dict):
        found: Hashable = state
        return found
    ((kind, value),) = state.items()
    if kind == "fraction":
        return Fraction(value)
    parts = (_decoded(part) for part in value)
    return tuple(parts) if kind == "tuple" else frozenset(parts)
