"""Does what the README and the contributor's page show really run?"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
QUICK = ["warmup.steps=1", "train.steps=1", "train.prompts=2", "train.group=2", "evaluate.episodes=4"]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def shown_commands() -> list[str]:
    lines = "".join(blocks(README, "bash")).splitlines()
    return [line.partition("#")[0].strip() for line in lines if line.startswith("syllogym ")]


def run(*command: str, folder: Path, root: Path = ROOT) -> str:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HOME": str(folder)},
        timeout=200,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_readmes_environment_trains_by_the_readmes_scenario(tmp_path: Path) -> None:
    register, train = blocks(README, "python")
    (tmp_path / "reverse.yaml").write_text(blocks(README, "yaml")[0], encoding="utf-8")
    assert 'train("reverse.yaml")' in train
    script = train.replace('train("reverse.yaml")', f'train("reverse.yaml", {QUICK!r}, Path("run"))')
    run(sys.executable, "-c", f"from pathlib import Path\n{register}\n{script}", folder=tmp_path)
    assert (tmp_path / "run" / "summary.md").is_file()


def test_the_readmes_commands_run_one_after_the_other(tmp_path: Path) -> None:
    commands = shown_commands()
    assert [command.split()[1] for command in commands] == ["train", "evaluate", "evaluate", "evaluate", "play"]
    for command in commands:
        arguments = shlex.split(command)[1:]
        small = [part for setting in QUICK for part in ("--set", setting)] if arguments[0] == "train" else []
        run(sys.executable, "-m", "syllogym", *arguments, *small, folder=tmp_path)


@pytest.fixture
def contributed(tmp_path: Path) -> Path:
    """A copy of the rooms with the contributor's three files in their places."""
    for room in ("syllogym", "envs", "agents", "algorithms", "scenarios"):
        shutil.copytree(ROOT / room, tmp_path / room, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    names = re.findall(r"^`([a-z]+/.*)`:$", GUIDE, re.MULTILINE)
    for name, text in zip(names, [*blocks(GUIDE, "python"), *blocks(GUIDE, "yaml")], strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_contributors_three_files_train_together(contributed: Path) -> None:
    settings = [part for setting in QUICK for part in ("--set", setting)]
    train = ("train", "reverse_opo", "--run-dir", "run", *settings)
    run(sys.executable, "-m", "syllogym", *train, folder=contributed, root=contributed)
    assert "name: opo" in (contributed / "run" / "scenario.yaml").read_text(encoding="utf-8")


def test_examples_are_as_short_as_they_promise() -> None:
    environment, algorithm = (len(block.splitlines()) for block in blocks(GUIDE, "python"))
    assert environment <= 25
    assert algorithm <= 40
    assert all(len(block.splitlines()) <= 15 for text in (README, GUIDE) for block in blocks(text, "yaml"))


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_every_link_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert not [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]


def test_the_example_in_the_environments_page_runs(tmp_path: Path) -> None:
    (example,) = blocks((ROOT / "docs/environments.md").read_text(encoding="utf-8"), "python")
    run(sys.executable, "-c", example, folder=tmp_path)
