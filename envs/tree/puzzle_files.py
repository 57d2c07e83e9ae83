"""How are puzzles read from a file of the user's? Once in this process, row by row, whatever the format."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from syllogym.envs.tables import load
from syllogym.errors import UserError


@lru_cache(maxsize=16)
def read_lines(file: str) -> tuple[str, ...]:
    """Return the lines of a text file (``.txt``, ``.txt.gz``) that hold anything.

    Raises:
        UserError: if there is no such file, or nothing in it.
    """
    path = Path(file).expanduser()
    if not path.is_file():
        raise UserError(f"There is no file {file!r}.")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as text:
        lines = tuple(line.strip() for line in text if line.strip())
    if not lines:
        raise UserError(f"{file} holds no lines.")
    return lines


@lru_cache(maxsize=16)
def read_table(file: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a table (see `syllogym.envs.tables.load`)."""
    return tuple(load(file))


def is_text(file: str) -> bool:
    """Say whether a file is read by lines rather than as a table."""
    return file.removesuffix(".gz").endswith(".txt")


def only(row: Mapping[str, Any], name: str, file: str) -> Any:
    """Return a field of a row; `UserError` names what the row has instead."""
    if name not in row:
        raise UserError(f"{file} has no field {name!r}; it has {', '.join(row)}.")
    return row[name]
