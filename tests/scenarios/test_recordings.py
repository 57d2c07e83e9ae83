"""Are the episodes of a file found, played again one by one, and every bad file told in a sentence?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from syllogym import agents
from syllogym.agents.rollout import Rollouts, Task
from syllogym.cli import app
from syllogym.errors import UserError
from syllogym.scenarios.recordings import replay
from syllogym.scenarios.train import train


@pytest.fixture
def lines() -> list[str]:
    tasks = [Task(env, seed) for seed, env in enumerate(("games/relay", "games/tictactoe", "games/guess_number"))]
    return [f"{episode.to_json()}\n" for episode in Rollouts({"*": agents.get("random_text")()}).run(tasks)]


def changed(line: str) -> str:
    episode = json.loads(line)
    episode["steps"][1]["prompt"][0]["content"] = "another question"
    return json.dumps(episode) + "\n"


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["replay", *arguments], prog_name="syllogym")


@pytest.mark.parametrize("name", ["some.jsonl", "some.jsonl.gz", "episodes.jsonl"])
def test_a_file_a_compressed_file_and_a_folder_are_played_again(name: str, lines: list[str], tmp_path: Path) -> None:
    file, content = tmp_path / name, "".join(lines).encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    played = list(replay(tmp_path if name == "episodes.jsonl" else file))
    assert [(one.number, one.episode.env) for one in played] == [
        (1, "games/relay"),
        (2, "games/tictactoe"),
        (3, "games/guess_number"),
    ]
    assert not any(one.differences for one in played)


def test_only_the_first_so_many_are_read(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text("".join([*lines[:2], "nonsense\n"]))
    assert len(list(replay(tmp_path / "some.jsonl", limit=2))) == 2


def test_a_line_of_an_older_version_is_played_again(lines: list[str], tmp_path: Path) -> None:
    old = json.loads(lines[0])
    del old["max_turns"]
    for step in old["steps"]:
        del step["calls"]
    (tmp_path / "old.jsonl").write_text(json.dumps(old))
    assert [one.differences for one in replay(tmp_path / "old.jsonl")] == [[]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "some.jsonl holds no episodes."),
        (b"nonsense\n", "some.jsonl:1: this line is no episode: Expecting value"),
        (b"[]\n", "some.jsonl:1: this line is no episode: "),
        (b'{"reward": 1, "steps": [], "env": "games/relay"}\n', "some.jsonl:1: this line is no episode: "),
        (b"\xff\n", "some.jsonl could not be read: "),
        (
            b'{"reward": 1, "steps": [], "env": "games/rely", "seed": 1}\n',
            "some.jsonl:1: There is no environment 'games/rely'. Did you mean games/relay?",
        ),
        (
            b'{"reward": 1, "steps": [], "env": "games/guess_number", "seed": 1, "options": {"hihg": 3}}\n',
            "some.jsonl:1: 'games/guess_number' takes high; not hihg.",
        ),
    ],
)
def test_a_file_that_cannot_be_played_is_told_by_line(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_bytes(content)
    with pytest.raises(UserError) as caught:
        list(replay(tmp_path / "some.jsonl"))
    assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"plain", gzip.compress(b"{}\n" * 99, mtime=0)[:10]])
def test_a_damaged_archive_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "some.jsonl.gz").write_bytes(content)
    with pytest.raises(UserError, match=r"some\.jsonl\.gz could not be read"):
        list(replay(tmp_path / "some.jsonl.gz"))


def test_the_command_is_quiet_about_what_is_the_same(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text("".join(lines))
    result = ask(str(tmp_path / "some.jsonl"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Episodes played again: 3; as recorded: 3; different: 0.\n"


def test_the_command_reports_each_difference_and_fails(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text("".join([lines[0], changed(lines[1]), lines[2]]))
    result = ask(str(tmp_path / "some.jsonl"))
    report, summary = result.stdout.splitlines()
    assert result.exit_code == 1
    assert report.startswith("Episode 2 (games/tictactoe, seed 1), step 1 (")
    assert "recorded …'user', 'content': 'another question'}], now …" in report
    assert summary == "Episodes played again: 3; as recorded: 2; different: 1."


def test_what_a_run_wrote_in_warm_up_training_and_evaluation_comes_out_as_recorded(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    played = list(replay(run))
    assert len(played) > 40
    assert {one.episode.split for one in played} == {"train", "eval"}
    assert {one.episode.demonstrated for one in played} == {True, False}
    assert [one for one in played if one.differences] == []


def test_a_file_that_is_not_there_is_a_users_mistake(tmp_path: Path) -> None:
    result = ask(str(tmp_path / "none.jsonl"))
    assert (result.exit_code, result.stderr) == (2, f"There is no file {tmp_path / 'none.jsonl'}.\n")
