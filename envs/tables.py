"""How are the rows of a file or of a data set on the hub read? Asked for by paths.

JSON is read as it stands. All else is loaded by `datasets`, which gives a column one type: from JSON, it would make 5
into 5.0 where another row has 2.5, and give a mapping the keys that others have.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from syllogym.errors import UserError, did_you_mean

FORMATS = {".jsonl": "json", ".json": "json", ".parquet": "parquet", ".csv": "csv"}
"""Suffixes of files that can be read, each also with ``.gz`` behind it, and what `datasets` calls them."""

_PLACE = re.compile(r"\{([\w.]+)\}")


class NoField(Exception):
    """A row lacks a field; the message says which ones it has."""


def load(source: str, subset: str | None = None, part: str = "test") -> Sequence[Mapping[str, Any]]:
    """Return the rows of a local file, or of a data set on the hub.

    Args:
        source: path of a file, or name of a data set.
        subset, part: configuration and split of a data set on the hub.

    Raises:
        UserError: if there is none, or it cannot be read, or it is empty.
    """
    path = Path(source).expanduser()
    suffix = Path(source.removesuffix(".gz")).suffix
    if not path.is_file() and (suffix in FORMATS or source.startswith(("/", ".", "~"))):
        raise UserError(f"There is no file {source!r}.")
    if path.is_file() and suffix not in FORMATS:
        raise UserError(f"{source} is none of {', '.join(FORMATS)} (or one of these with .gz).")
    if path.is_file() and not path.stat().st_size:
        raise UserError(f"{source} holds no rows.")
    if path.is_file() and FORMATS[suffix] == "json":
        return _json_rows(path)
    import datasets

    with _quiet(datasets):
        try:
            if path.is_file():
                rows = datasets.load_dataset(FORMATS[suffix], data_files=str(path), split="train")
            else:
                rows = datasets.load_dataset(source, subset, split=part)
            return cast("Sequence[Mapping[str, Any]]", rows)
        except Exception as error:  # every builder has errors of its own; for the user they are all one
            cause = str(error.__cause__ or error).strip().split("\n")[0][:200]
            if "corresponds to no data" in cause:
                raise UserError(f"{source} holds no rows.") from error
            what = "cannot be read" if path.is_file() else "is no file, and could not be had from the Hugging Face hub"
            raise UserError(f"{source!r} {what}: {cause}") from error


def _json_rows(path: Path) -> list[Mapping[str, Any]]:
    """Return the objects of a list, one on each line, or a single one; what some have and others lack is None there."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            rows = list(_objects(file))
    except (ValueError, RecursionError, OSError, EOFError) as error:
        raise UserError(f"{str(path)!r} cannot be read: {error}") from error
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _objects(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        whole = line.lstrip().startswith("[") or line.strip() == "{"  # one object, a field a line
        try:
            found = json.loads(line + "".join(lines) if whole else line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number + error.lineno - 1}: {error.msg} (character {error.colno})") from error
        rows = found if isinstance(found, list) else [found]
        if not all(isinstance(row, Mapping) for row in rows):
            raise ValueError(f"line {number} holds something else than rows, which are objects: {{...}}")
        yield from rows


@contextmanager
def _quiet(datasets: Any) -> Iterator[None]:
    """Keep `datasets` from drawing progress bars and logging errors that we raise."""
    bars, verbosity = datasets.are_progress_bars_disabled(), datasets.logging.get_verbosity()
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)
    try:
        yield
    finally:
        datasets.logging.set_verbosity(verbosity)
        if not bars:
            datasets.enable_progress_bars()


def text(raw: Mapping[str, Any], path: str) -> str:
    """Return a field as text, or a text with fields in braces."""
    if "{" not in path:
        return str(field(raw, path)).strip()
    return _PLACE.sub(lambda place: written(field(raw, place[1])), path).strip()


def written(value: Any) -> str:
    """Return a value as a person would write it: 27.0, as JSON tables hold it, is 27."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def field(raw: Any, path: str) -> Any:
    """Follow a path such as ``reward_model.ground_truth`` or ``prompt.0.content`` into a row."""
    if isinstance(raw, Mapping) and path in raw:
        return raw[path]
    value = raw
    for step in path.split("."):
        known = list(_steps(value))
        if step not in known:
            raise NoField(f"has no field {path!r}; it has {', '.join(known) or 'nothing'}.{did_you_mean(step, known)}")
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _steps(value: Any) -> Iterator[str]:
    """List what a path may name next: the keys of a mapping, the places of a list."""
    names: Iterable[Any] = value if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    yield from map(str, names)
