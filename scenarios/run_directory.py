"""What does a run leave behind, and where?

::

    scenario.yaml     the scenario, resolved: every setting of the run
    metrics.jsonl     one line for each step and evaluation
    episodes.jsonl    sample episodes, with exact token ids and log-probs; earlier ones in episodes-0001.jsonl.gz, ...
    tensorboard/      the same numbers as TensorBoard events
    checkpoints/      whole states to resume from
    base/             the policy as it was when reinforcement learning began, unless it came from elsewhere as it is
    model/            the trained policy in Hugging Face format
    summary.md        before and after, with curve.png
"""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import yaml

from syllogym.agents.episode import Episode
from syllogym.errors import UserError

_GROWING = ("metrics.jsonl", "episodes.jsonl")
_LARGE = 64 * 2**20
"""Bytes of episodes.jsonl above which it is compressed and begun anew."""


class RunDirectory:
    """Appends to a run's files; after a resume, continues exactly where the checkpoint left them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.base = path / "base"
        self.model = path / "model"
        self._began = time.monotonic()
        self._board: Any = None

    def create(self, scenario: Mapping[str, Any]) -> None:
        """Make the folder and write the scenario; refuse a folder that holds a run already."""
        if (self.path / "scenario.yaml").exists():
            raise UserError(
                f"{self.path} holds a run already: continue it with --resume, or choose another folder with --run-dir."
            )
        self.path.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(dict(scenario), sort_keys=False, allow_unicode=True)
        write_whole(self.path / "scenario.yaml", text.encode())

    def nothing(self) -> dict[str, Any]:
        """Return the offsets of a run that has not begun."""
        return {"sizes": dict.fromkeys(_GROWING, 0), "archives": 0, "seconds": 0.0}

    def offsets(self) -> dict[str, Any]:
        """Return how far the files are written, for a checkpoint."""
        sizes = {name: (self.path / name).stat().st_size if (self.path / name).exists() else 0 for name in _GROWING}
        return {"sizes": sizes, "archives": len(_archives(self.path)), "seconds": self.seconds()}

    def rewind(self, offsets: Mapping[str, Any]) -> None:
        """Cut the files back to what they were at a checkpoint, and go on counting seconds from there."""
        later = _archives(self.path)[offsets.get("archives", 0) :]
        if later:  # the first of them begins with what episodes.jsonl held at the checkpoint
            write_whole(self.path / "episodes.jsonl", gzip.decompress(later[0].read_bytes()))
        for archive in reversed(later):
            archive.unlink()
        for name, size in offsets["sizes"].items():
            if (self.path / name).exists():
                os.truncate(self.path / name, size)
        self._began = time.monotonic() - float(offsets["seconds"])

    def seconds(self) -> float:
        """Return the time the run has taken, in seconds, interruptions left out."""
        return time.monotonic() - self._began

    def log(self, kind: str, step: int, numbers: Mapping[str, Any]) -> None:
        """Append one line of metrics; numbers go to TensorBoard too."""
        row = {"kind": kind, "step": step, "seconds": round(self.seconds(), 3), **numbers}
        self._append("metrics.jsonl", [json.dumps(row, ensure_ascii=False)])
        if self._board is None:
            from torch.utils.tensorboard import SummaryWriter

            self._board = SummaryWriter(str(self.path / "tensorboard"), purge_step=step)
        for name, value in numbers.items():
            if isinstance(value, int | float):
                self._board.add_scalar(f"{kind}/{name}", value, step)

    def log_episodes(self, episodes: Iterable[Episode]) -> None:
        """Append sample episodes; the file is compressed and begun anew when it has grown large."""
        file = self.path / "episodes.jsonl"
        if file.exists() and file.stat().st_size > _LARGE:
            name = f"episodes-{len(_archives(self.path)) + 1:04}.jsonl.gz"
            write_whole(self.path / name, gzip.compress(file.read_bytes(), mtime=0))
            file.unlink()
        self._append("episodes.jsonl", [episode.to_json() for episode in episodes])

    def close(self) -> None:
        """Flush TensorBoard's events."""
        if self._board is not None:
            self._board.close()

    def _append(self, name: str, lines: Iterable[str]) -> None:
        file: IO[str]
        try:
            with open(self.path / name, "a", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
        except OSError as error:
            raise UserError(
                f"{self.path / name} could not be written ({error}). Free some space, then go on with: "
                f"syllogym train --resume --run-dir {self.path}"
            ) from error


def episode_files(run: Path) -> list[Path]:
    """Return the files of a run's sample episodes, earliest first; the last may still be to come."""
    return [*_archives(run), run / "episodes.jsonl"]


def _archives(run: Path) -> list[Path]:
    return sorted(run.glob("episodes-*.jsonl.gz"))


def finished_model(run: Path) -> Path:
    """Return the folder of a run's trained policy; `UserError` when there is no run, or it is not finished."""
    if not (run / "scenario.yaml").is_file():
        raise UserError(f"There is no run in {run}: it has no scenario.yaml.")
    if not (run / "model").is_dir():
        raise UserError(f"{run} holds no trained model yet: finish it with `syllogym train --resume --run-dir {run}`.")
    return run / "model"


def fresh_folder(target: str, run: Path | None, kind: str) -> Path:
    """Return a folder that is not there yet: inside a run's, named by `kind`, or in ``runs/``, by the scenario."""
    inside, name = (Path("runs"), Path(target).stem) if run is None else (run, kind)
    return next(folder for n in range(1, 10**6) if not (folder := inside / f"{name}-{n:03d}").exists())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; `UserError` when the disk does not take it."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"{path} could not be written: {error.strerror}.") from error
