"""Which scenarios are there, and in which file is one of them?

A scenario's name is the path of its YAML file in this room, without the ending. Files that begin with an underscore are
parts to extend, not scenarios. A third-party package offers its own under the entry-point group
``syllogym.scenarios``: each entry point names an object that is the path of a YAML file.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from syllogym.errors import UnknownName, UserError, did_you_mean

_ROOM = Path(__file__).parent
_ENDINGS = (".yaml", ".yml")


def names() -> list[str]:
    """List the names of all scenarios, sorted."""
    return sorted({*_files(), *_plugins()})


def path_of(name: str) -> Path:
    """Return the file of the scenario called `name`; `UnknownName` says what is near."""
    if name in _files():
        return _files()[name]
    if name in _plugins():
        return _plugin_path(_plugins()[name])
    raise _unknown(name, Path())


def find(path_or_name: str | Path) -> Path:
    """Return the file that a user means: an existing file as it is written, or else a scenario by its name."""
    path = Path(path_or_name)
    if path.is_file():
        return path
    if path.suffix in _ENDINGS:
        raise _unknown(str(path), path.parent)
    return path_of(str(path_or_name))


def find_beside(file: Path, reference: str) -> Path:
    """Return the file that `reference` means inside `file`: one beside it, or else a scenario by its name."""
    for written in (reference, *(reference + ending for ending in _ENDINGS)):
        candidate = file.parent / written
        if candidate.is_file() and (written == reference or not candidate.samefile(file)):
            return candidate
    if reference in names():
        return path_of(reference)
    raise _unknown(reference, file.parent)


def _unknown(reference: str, folder: Path) -> UnknownName:
    kind = "file" if reference.endswith(_ENDINGS) else "scenario"
    files = [path for path in folder.glob("*") if path.suffix in _ENDINGS]
    near = [path.name for path in files] if kind == "file" else [path.stem for path in files]
    hint = did_you_mean(Path(reference).name, near) or did_you_mean(reference, names())
    return UnknownName(f"There is no {kind} {reference!r}.{hint} `syllogym list scenarios` shows all {len(names())}.")


@cache
def _files() -> dict[str, Path]:
    return _yaml_files(_ROOM)


def _yaml_files(room: Path) -> dict[str, Path]:
    return {
        path.relative_to(room).with_suffix("").as_posix(): path
        for path in room.rglob("*.yaml")
        if not path.name.startswith("_")
    }


@cache
def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group="syllogym.scenarios")}


def _plugin_path(point: EntryPoint) -> Path:
    path = point.load()
    if isinstance(path, str | Path) and Path(path).is_file():
        return Path(path)
    raise UserError(f"The installed scenario {point.name!r} ({point.value}) is {path!r}, not the path of a YAML file.")
