"""Which episodes are on file, and do they still come out as they were recorded?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from syllogym.agents.episode import Episode
from syllogym.agents.episode_file import read_episodes
from syllogym.agents.rerun import differences
from syllogym.errors import UserError
from syllogym.scenarios.run_directory import episode_files


class Replayed(NamedTuple):
    """An episode that was played again: its number on file, counted from 1, and all that differs."""

    number: int
    episode: Episode
    differences: list[str]


def replay(path: Path, limit: int | None = None) -> Iterator[Replayed]:
    """Play the episodes of a file again, one after the other.

    Args:
        path: one line of JSON for each episode, compressed where it ends in ``.gz``; or a run directory.
        limit: only the first so many.

    Raises:
        UserError: there is no such file or nothing in it, a line is no episode, or its environment is not known.
    """
    number = 0
    for number, (where, episode) in enumerate(islice(_episodes(path), limit), start=1):
        try:
            found = differences(episode)
        except UserError as error:
            raise UserError(f"{where}: {error}") from error
        yield Replayed(number, episode, found)
    if not number:
        raise UserError(f"{path} holds no episodes.")


def _episodes(path: Path) -> Iterator[tuple[str, Episode]]:
    """Yield each episode with the file and line that it stands on."""
    for file in episode_files(path) if path.is_dir() else [path]:
        yield from read_episodes(file)
