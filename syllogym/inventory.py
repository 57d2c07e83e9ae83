"""What is there, and what does a thing take? The answers of `syllogym list`, found without importing torch."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.errors import UnknownName, did_you_mean
from syllogym.registry import Registry
from syllogym.scenarios import catalogue
from syllogym.source import ClassSource, read_class

_KINDS = {"envs": "environment", "agents": "agent", "strategies": "search strategy", "algorithms": "algorithm"}
ROOMS = (*_KINDS, "scenarios")
_WITHIN = {"strategies": ("agents/search", "strategy")}
"""Rooms inside another: their folder, and the decorator of what stands there."""
_DESCRIPTION = re.compile(r"^description:(.*)$", re.MULTILINE)


def names(room: str) -> list[str]:
    """List what a room holds, installed third-party things included."""
    return catalogue.names() if room == "scenarios" else _registry(room).names()


def show_rooms(rooms: Sequence[str] = ROOMS) -> RenderableType:
    """Return one table a room: every name and the first sentence of what it says about itself."""
    parts: list[RenderableType] = []
    for room in rooms:
        known = names(room)
        parts.append(Text(f"{room} ({len(known)})", style="bold"))
        parts.append(_rows((name, _summary(room, name)) for name in known) if known else Text("  none yet"))
    return Group(*parts)


def show_thing(name: str) -> RenderableType:
    """Return everything a user wants to know about the thing called `name`, in whichever rooms it is."""
    found = [room for room in ROOMS if name in names(room)]
    if not found:
        known = sorted({thing for room in ROOMS for thing in names(room)} | set(ROOMS))
        raise UnknownName(f"Nothing is called {name!r}.{did_you_mean(name, known)} `syllogym list` shows everything.")
    return Group(*(_describe(room, name) for room in found))


def _describe(room: str, name: str) -> RenderableType:
    if room == "scenarios":
        path = catalogue.path_of(name)
        title = Text.assemble((name, "bold"), f"  scenario  {path}\n")
        return Group(title, Text(path.read_text(encoding="utf-8")))
    title = Text.assemble((name, "bold"), f"  {_KINDS[room]}\n")
    if room == "envs":
        return Group(title, *_describe_env(name))
    source = _source(room, name)
    return Group(title, Text(f"{source.question}\n\n{source.docstring}"), *_block("Settings", source.settings))


def _describe_env(name: str) -> Iterator[RenderableType]:
    from syllogym.envs import get
    from syllogym.gymnasium_ids import gym_ids

    cls = get(name)
    yield Text(inspect.getdoc(cls) or "")
    yield from _block("Options", {option: repr(value) for option, value in cls.option_defaults().items()})
    yield from _block("Levels, easy to hard", {key: " → ".join(map(repr, row)) for key, row in cls.levels.items()})
    facts = {
        "agents": ", ".join(cls.agents),
        "turns": "no bound" if cls.max_turns is None else f"at most {cls.max_turns}",
        "perfect return": f"{cls.max_return:g}",
        "Gymnasium id": gym_ids([name], _registry("envs").own_names())[name],
    }
    yield from _block("Facts", facts)


def _block(title: str, rows: Mapping[str, str]) -> list[RenderableType]:
    return [Text(f"\n{title}", style="bold"), _rows(rows.items())] if rows else []


def _rows(pairs: Any) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for name, text in pairs:
        table.add_row(Text(name), Text(text))
    return table


def _registry(room: str) -> Registry[Any]:
    folder, mark = _WITHIN.get(room, (room, "register"))
    return Registry(folder, _KINDS[room], mark=mark)


def _summary(room: str, name: str) -> str:
    if room == "scenarios":
        described = _DESCRIPTION.search(catalogue.path_of(name).read_text(encoding="utf-8"))
        return described[1].strip(" \"'") if described else ""
    source = _source(room, name)
    text = source.question if room in ("algorithms", "strategies") else source.docstring
    sentence, stop, _ = " ".join(text.partition("\n\n")[0].split()).partition(". ")
    return sentence + stop.strip()


def _source(room: str, name: str) -> ClassSource:
    file, cls = _registry(room).source_of(name)
    return read_class(file, cls, _WITHIN.get(room, (room, "register"))[1])
