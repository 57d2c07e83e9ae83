"""Which episodes does a file hold? One line of JSON for each; compressed where the file's name ends in ``.gz``."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from syllogym.agents.episode import Episode
from syllogym.errors import UserError


def read_episodes(file: Path) -> Iterator[tuple[str, Episode]]:
    """Yield each episode with the file and line that it stands on.

    Raises:
        UserError: there is no such file, it cannot be read, or a line is no episode.
    """
    for number, line in enumerate(_lines(file), start=1):
        where = f"{file}:{number}"
        try:
            yield where, Episode.from_json(line)
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{where}: this line is no episode: {error}.") from error


def _lines(file: Path) -> Iterator[str]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
            yield from lines
    except FileNotFoundError as error:
        raise UserError(f"There is no file {file}.") from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{file} could not be read: {error}.") from error
