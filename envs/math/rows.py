"""How does a file or a hub data set become questions with answers? Loaded by `datasets`, read by a `Preset`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from syllogym.envs.answers import LONGEST, extract
from syllogym.envs.math.presets import Preset
from syllogym.errors import UserError, check_options, did_you_mean

FORMATS = {".jsonl": "json", ".json": "json", ".parquet": "parquet", ".csv": "csv"}
"""Suffixes of files that can be read, each also with ``.gz`` behind it, and what `datasets` calls them."""

MAPPED = ("question", "answer", "level", "choices")
"""Parts of a row that a user may map to fields of their own."""

_PLACE = re.compile(r"\{([\w.]+)\}")
_loading = Lock()


class Row(NamedTuple):
    """One question: its text, the right answer, the options of a multiple choice, the difficulty where one is known."""

    question: str
    answer: str
    choices: tuple[str, ...] = ()
    level: float | None = None


def read_rows(source: str, preset: Preset, fields: Mapping[str, Any], level: float | None = None) -> tuple[Row, ...]:
    """Return the rows of a file or hub data set, loaded once in this process.

    Args:
        source: path of a local file, or name of a data set on the hub.
        preset: how its rows are read.
        fields: fields that differ from the preset's, such as ``{"question": "prompt"}``.
        level: only rows of at most this difficulty; None for all.

    Raises:
        UserError: naming file, row and field, when something is missing or cannot be read.
    """
    check_options("fields", MAPPED, fields)
    with _loading:
        return _up_to(level, source, replace(preset, **fields))


@lru_cache(maxsize=32)
def _up_to(level: float | None, source: str, preset: Preset) -> tuple[Row, ...]:
    rows = _rows(source, preset)
    if level is None:
        return rows
    if not preset.level:
        raise UserError(f"Which field of {source} is the level? Say so with fields={{'level': ...}}.")
    easy = tuple(row for row in rows if row.level is not None and row.level <= level)
    if not easy:
        raise UserError(f"{source} has no row of level {level:g} or below.")
    return easy


@lru_cache(maxsize=16)
def _rows(source: str, preset: Preset) -> tuple[Row, ...]:
    table = _load(source, preset)
    found = []
    for place, raw in enumerate(table, start=1):
        try:
            found.append(_row(raw, preset))
        except _NoAnswer as error:
            if not preset.skip_unanswered:
                raise UserError(f"Row {place} of {source} {error} in its field {preset.answer!r}.") from error
        except _NoField as error:
            raise UserError(f"Row {place} of {source} {error}") from error
    if not found:
        raise UserError(f"{source} holds no rows{' with an answer' if len(table) else ''}.")
    return tuple(found)


def _load(source: str, preset: Preset) -> Any:
    """Return the data set as `datasets` gives it."""
    path = Path(source).expanduser()
    suffix = Path(source.removesuffix(".gz")).suffix
    if not path.is_file() and (suffix in FORMATS or source.startswith(("/", ".", "~"))):
        raise UserError(f"There is no file {source!r}.")
    if path.is_file() and suffix not in FORMATS:
        raise UserError(f"{source} is none of {', '.join(FORMATS)} (or one of these with .gz).")
    if path.is_file() and not path.stat().st_size:
        raise UserError(f"{source} holds no rows.")
    import datasets

    with _quiet(datasets):
        try:
            if path.is_file():
                return datasets.load_dataset(FORMATS[suffix], data_files=str(path), split="train")
            return datasets.load_dataset(source, preset.subset, split=preset.part)
        except Exception as error:  # every builder has errors of its own; for the user they are all one
            cause = str(error.__cause__ or error).strip().split("\n")[0][:200]
            if "corresponds to no data" in cause:
                raise UserError(f"{source} holds no rows.") from error
            what = "cannot be read" if path.is_file() else "is no file, and could not be had from the Hugging Face hub"
            raise UserError(f"{source!r} {what}: {cause}") from error


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


class _NoField(Exception):
    """A row lacks a field."""


class _NoAnswer(Exception):
    """A row has no answer that a reply could give."""


def _row(raw: Mapping[str, Any], preset: Preset) -> Row:
    answer = _answer(_field(raw, preset.answer), preset.gold)
    choices = tuple(map(str, _field(raw, preset.choices))) if preset.choices else ()
    before, behind = preset.around
    question = _text(raw, preset.question).removeprefix(before).removesuffix(behind)
    if choices:
        question = "\n".join((question, *choices))
    return Row(question, answer, choices, _level(_field(raw, preset.level)) if preset.level else None)


def _answer(value: Any, how: str) -> str:
    written = ", ".join(map(_write, value)) if isinstance(value, list) else _write(value)
    if not written.strip():
        raise _NoAnswer("has no answer")
    answer = extract(written, how)
    if answer is None and how == "plain":
        raise _NoAnswer(f"has an answer of more than {LONGEST} characters")
    if answer is None:
        raise _NoAnswer(f"has no answer of the form {how!r}")
    return answer


def _write(value: Any) -> str:
    """Return an answer as a person would write it: 27.0, as JSON tables hold it, is 27."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _level(value: Any) -> float | None:
    """Return the first number in a level such as ``Level 3``; None in ``Level ?``."""
    match = re.search(r"\d+(?:\.\d+)?", str(value))
    return float(match[0]) if match else None


def _text(raw: Mapping[str, Any], field: str) -> str:
    """Return a field as text, or a text with fields in braces."""
    if "{" not in field:
        return str(_field(raw, field)).strip()
    return _PLACE.sub(lambda place: _write(_field(raw, place[1])), field).strip()


def _field(raw: Any, path: str) -> Any:
    """Follow a path such as ``reward_model.ground_truth`` or ``prompt.0.content`` into a row."""
    if isinstance(raw, Mapping) and path in raw:
        return raw[path]
    value = raw
    for step in path.split("."):
        known = list(_steps(value))
        if step not in known:
            raise _NoField(f"has no field {path!r}; it has {', '.join(known) or 'nothing'}.{did_you_mean(step, known)}")
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _steps(value: Any) -> Iterator[str]:
    """List what a path may name next: the keys of a mapping, the places of a list."""
    names: Iterable[Any] = value if isinstance(value, Mapping) else range(len(value)) if isinstance(value, list) else ()
    yield from map(str, names)
