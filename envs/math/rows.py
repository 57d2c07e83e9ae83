"""How does a file or a hub data set become questions with answers? Read by a `Preset`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from syllogym.envs.answers import LONGEST, extract
from syllogym.envs.math.presets import Preset
from syllogym.envs.tables import NoField, field, load, text, written
from syllogym.errors import UserError, check_options

MAPPED = ("question", "answer", "level", "choices")
"""Parts of a row that a user may map to fields of their own."""

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
    table = load(source, preset.subset, preset.part)
    found = []
    for place, raw in enumerate(table, start=1):
        try:
            found.append(_row(raw, preset))
        except _NoAnswer as error:
            if not preset.skip_unanswered:
                raise UserError(f"Row {place} of {source} {error} in its field {preset.answer!r}.") from error
        except NoField as error:
            raise UserError(f"Row {place} of {source} {error}") from error
    if not found:
        raise UserError(f"{source} holds no rows{' with an answer' if len(table) else ''}.")
    return tuple(found)


class _NoAnswer(Exception):
    """A row has no answer that a reply could give."""


def _row(raw: Mapping[str, Any], preset: Preset) -> Row:
    answer = _answer(field(raw, preset.answer), preset.gold)
    choices = tuple(map(str, field(raw, preset.choices))) if preset.choices else ()
    before, behind = preset.around
    question = text(raw, preset.question).removeprefix(before).removesuffix(behind)
    if choices:
        question = "\n".join((question, *choices))
    return Row(question, answer, choices, _level(field(raw, preset.level)) if preset.level else None)


def _answer(value: Any, how: str) -> str:
    found = ", ".join(map(written, value)) if isinstance(value, list) else written(value)
    if not found.strip():
        raise _NoAnswer("has no answer")
    answer = extract(found, how)
    if answer is None and how == "plain":
        raise _NoAnswer(f"has an answer of more than {LONGEST} characters")
    if answer is None:
        raise _NoAnswer(f"has no answer of the form {how!r}")
    return answer


def _level(value: Any) -> float | None:
    """Return the first number in a level such as ``Level 3``; None in ``Level ?``."""
    match = re.search(r"\d+(?:\.\d+)?", str(value))
    return float(match[0]) if match else None
