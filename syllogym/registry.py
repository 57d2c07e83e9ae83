"""Which things does a room hold, and how is one fetched by its name?

The name of a thing is the path of its file: ``math/countdown`` is ``envs/math/countdown.py``. A decorator in that file
registers it; no list is kept anywhere, and nothing is imported before it is asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, TypeVar

from syllogym.errors import UnknownName, UserError, check_options, did_you_mean

T = TypeVar("T")
C = TypeVar("C", bound=type)


def with_options(cls: type[T], name: str, options: Mapping[str, Any]) -> T:
    """Make a `cls`, called `name` in messages, with options: its dataclass fields. `UserError` names the wrong one."""
    from pydantic import ValidationError  # at the first thing made, since it takes a while

    known = fields(cls) if is_dataclass(cls) else ()
    check_options(name, [field.name for field in known], options)
    if not is_dataclass(cls):
        return cls()
    try:
        made: T = _adapter(cls).validate_json(json.dumps(options), strict=True)
        return made
    except ValidationError as error:
        # Where a setting has several forms, each complains: our own word is meant, or else the deepest complaint.
        first = max(error.errors(), key=lambda one: (one["type"] == "value_error", len(one["loc"])))
        if first["type"] == "value_error":
            raise UserError(first["msg"].removeprefix("Value error, ")) from error
        where = ".".join(map(str, first["loc"]))
        if first["type"] == "missing":
            raise UserError(f"{name} needs the option {where}") from error
        raise UserError(f"{name}.{where}: {first['msg'].lower()}; it is {first['input']!r}") from error


@cache
def _adapter(cls: type) -> Any:
    """Return what makes a `cls` of options; it takes a millisecond to build."""
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


class Registry(Generic[T]):
    """The things of one room, found by name: its own files, a script's own classes, installed plug-ins.

    Args:
        room: folder of the room, which is also its package (``envs`` is ``syllogym.envs``) and the entry-point group
            of third-party packages (``syllogym.envs``).
        kind: what one thing is called in messages, such as ``environment``.
        on_add: called with the name of every class as it registers.
        mark: name of the decorator by which a file is known; a room inside another has one of its own.
    """

    def __init__(self, room: str, kind: str, on_add: Callable[[str], object] = str, *, mark: str = "register") -> None:
        self.package = f"syllogym.{room.replace('/', '.')}"
        self.kind = kind
        self.on_add = on_add
        self._registers = re.compile(rf"^@{mark}\b", re.MULTILINE)
        self.folder = Path(__file__).parent / room
        if not self.folder.is_dir():  # an install without links keeps the rooms where its package says
            self.folder = Path(str(importlib.import_module(self.package).__file__)).parent
        self._things: dict[str, type[T]] = {}

    def register(self, name: str | None = None) -> Callable[[C], C]:
        """Return a class decorator that registers under `name`, or under the file's path when no name is given."""

        def decorate(cls: C) -> C:
            self._add(name or self._name_of(cls), cls)
            return cls

        return decorate

    def names(self) -> list[str]:
        """List every name, sorted, without importing any of the things."""
        return sorted({*self._files, *self._things, *self._plugins})

    def own_names(self) -> list[str]:
        """List the names that are files of the room."""
        return sorted(self._files)

    def get(self, name: str) -> type[T]:
        """Import (once) and return the class called `name`; `UnknownName` says what is near."""
        if name not in self._things:
            self._load(name)
        return self._things[name]

    def build(self, name: str, options: Mapping[str, Any]) -> T:
        """Make a thing with options, which are its dataclass fields; `UserError` names the one that is wrong."""
        return with_options(self.get(name), name, options)

    def make(self, spec: str | Mapping[str, Any]) -> T:
        """Make a thing of its name, or of a mapping with its name and options: ``{name: ..., n: 8}``."""
        if isinstance(spec, str):
            return self.build(spec, {})
        options = {key: value for key, value in spec.items() if key != "name"}
        if not isinstance(spec.get("name"), str):
            raise UserError(
                f"Which {self.kind}? A mapping with options has its name, too: {{name: ..., ...}}; not {dict(spec)}."
            )
        return self.build(spec["name"], options)

    def source_of(self, name: str) -> tuple[Path, str]:
        """Return the file of a thing, and its class's name there ("" in our own files), without running that file."""
        if name in self._files:
            return self.folder / f"{name}.py", ""
        point = self._plugins[name]
        spec = importlib.util.find_spec(point.module)
        if spec is None or spec.origin is None:
            raise UserError(f"The installed {self.kind} {name!r} names the module {point.module}, which is not there.")
        return Path(spec.origin), point.attr

    def _load(self, name: str) -> None:
        plugin = self._plugins.get(name)
        if name in self._files:
            importlib.import_module(f"{self.package}.{name.replace('/', '.')}")
        elif plugin is not None:
            loaded = plugin.load()
            if name not in self._things and isinstance(loaded, type):
                self._add(name, loaded)
        else:
            known = self.names()
            raise UnknownName(
                f"There is no {self.kind} {name!r}.{did_you_mean(name, known)} `syllogym list` shows all {len(known)}."
            )
        if name not in self._things:
            raise UserError(f"Loading the {self.kind} {name!r} registered nothing under that name.")

    def _add(self, name: str, cls: type[T]) -> None:
        held = self._things.get(name)
        if held is not None and (held.__module__, held.__qualname__) != (cls.__module__, cls.__qualname__):
            raise UserError(f"Two {self.kind}s are called {name!r}: {held.__module__} and {cls.__module__}.")
        self._things[name] = cls
        cls.name = name  # type: ignore[attr-defined]
        self.on_add(name)

    def _name_of(self, cls: type) -> str:
        module = sys.modules[cls.__module__].__name__
        if not module.startswith(self.package + "."):
            raise UserError(
                f"{cls.__qualname__} lives in {module!r}, outside {self.package}: "
                f'give it a name, as in @register("mine/{cls.__name__.lower()}").'
            )
        return module.removeprefix(self.package + ".").replace(".", "/")

    @cached_property
    def _files(self) -> set[str]:
        return {
            path.relative_to(self.folder).with_suffix("").as_posix()
            for path in self.folder.rglob("*.py")
            if not path.name.startswith("_") and self._registers.search(path.read_text(encoding="utf-8"))
        }

    @cached_property
    def _plugins(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=self.package)}
