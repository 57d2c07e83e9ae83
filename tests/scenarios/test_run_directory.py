"""Do the files of a run grow, shrink back to a checkpoint, and pack themselves up without losing a byte?"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from syllogym import agents
from syllogym.agents.episode import Episode
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Prompt, Reply
from syllogym.scenarios import run_directory
from syllogym.scenarios.recordings import replay
from syllogym.scenarios.run_directory import RunDirectory, episode_files


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two batches fill a file."""
    monkeypatch.setattr(run_directory, "_LARGE", 4000)


def batch(number: int) -> list[Episode]:
    tasks = [Task("games/guess_number", 2 * number + at) for at in range(2)]
    return Rollouts({"*": agents.get("oracle")()}).run(tasks)


def files(run: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in episode_files(run)}


def text(run: Path) -> str:
    read = {name: gzip.decompress(held) if name.endswith(".gz") else held for name, held in files(run).items()}
    return b"".join(read.values()).decode()


def begun(folder: Path, batches: int) -> tuple[RunDirectory, list[dict[str, Any]]]:
    """Log batches; return the run and its offsets before each of them and at the end."""
    run = RunDirectory(folder)
    run.create({})
    offsets = [run.offsets()]
    for number in range(batches):
        run.log_episodes(batch(number))
        offsets.append(run.offsets())
    return run, offsets


def test_a_file_that_has_grown_large_is_compressed_and_nothing_is_lost(tmp_path: Path) -> None:
    begun(tmp_path, 7)
    assert list(files(tmp_path)) == [
        "episodes-0001.jsonl.gz",
        "episodes-0002.jsonl.gz",
        "episodes-0003.jsonl.gz",
        "episodes.jsonl",
    ]
    assert text(tmp_path) == "".join(f"{one.to_json()}\n" for number in range(7) for one in batch(number))


def test_a_run_with_archives_is_played_again_in_order(tmp_path: Path) -> None:
    begun(tmp_path, 5)
    played = list(replay(tmp_path))
    assert [one.episode.seed for one in played] == list(range(10))
    assert not any(one.differences for one in played)


@pytest.mark.parametrize("checkpoint", range(8))
def test_from_any_checkpoint_a_run_goes_on_to_the_same_bytes(checkpoint: int, tmp_path: Path) -> None:
    _, offsets = begun(tmp_path / "straight", 7)
    before, _ = begun(tmp_path / "before", checkpoint)
    shutil.copytree(tmp_path / "straight", tmp_path / "killed")
    run = RunDirectory(tmp_path / "killed")
    run.rewind(offsets[checkpoint])
    assert text(run.path) == text(before.path) if checkpoint else not text(run.path)
    for number in range(checkpoint, 7):
        run.log_episodes(batch(number))
    assert files(run.path) == files(tmp_path / "straight")


def test_a_run_that_was_killed_between_packing_and_beginning_anew_goes_back(tmp_path: Path) -> None:
    run, offsets = begun(tmp_path, 2)
    full = (tmp_path / "episodes.jsonl").read_bytes()
    run.log_episodes(batch(2))
    assert (tmp_path / "episodes-0001.jsonl.gz").exists()
    (tmp_path / "episodes.jsonl").write_bytes(full)
    run.rewind(offsets[1])
    assert text(tmp_path) == "".join(f"{one.to_json()}\n" for one in batch(0))


def test_any_text_of_a_reply_is_written(tmp_path: Path) -> None:
    episode = Episode("env", 0)
    episode.append("agent", 0, Prompt("\u2028"), Reply("half of a pair: \ud83d"))
    run, _ = begun(tmp_path, 0)
    run.log_episodes([episode])
    assert Episode.from_json(text(tmp_path)) == episode
