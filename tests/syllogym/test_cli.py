"""Does the command line do what it is asked, and answer every mistake with one sentence and status 2?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import syllogym
from syllogym import envs
from syllogym.cli import app

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")


def ask(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed, prog_name="syllogym")


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "syllogym", *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)


@pytest.mark.parametrize("room", ["envs", "agents", "strategies", "algorithms", "scenarios"])
def test_a_room_is_listed_by_name(room: str) -> None:
    from syllogym.inventory import names

    result = ask("list", room)
    assert result.exit_code == 0
    assert result.output.startswith(f"{room} ({len(names(room))})")
    assert all(name in result.output for name in names(room))


def test_without_a_name_all_rooms_are_listed() -> None:
    output = ask("list").output
    assert [line.split()[0] for line in output.splitlines() if line[:1].isalpha()] == [
        "envs",
        "agents",
        "strategies",
        "algorithms",
        "scenarios",
    ]


def test_a_scenario_is_listed_with_its_description() -> None:
    line = next(line for line in ask("list", "scenarios").output.splitlines() if line.split()[0] == "quickstart")
    assert line.split(maxsplit=1)[1].strip() == "A pupil who forgets to carry learns long addition"


def test_an_environment_is_described_with_options_levels_and_gymnasium_id() -> None:
    lines = [line.split() for line in ask("list", "games/guess_number").output.splitlines()]
    for line in ("high 50", "high 7 → 15 → 31 → 63", "turns at most 7", "Gymnasium id syllogym/GuessNumber-v0"):
        assert line.split() in lines


def test_a_method_is_described_with_its_settings_and_their_defaults() -> None:
    lines = [line.split() for line in ask("list", "ppo").output.splitlines()]
    assert ["epochs", "1"] in lines
    assert ["gamma", "1.0"] in lines


def test_a_search_strategy_is_listed_with_what_it_does_and_described_with_its_options() -> None:
    line = next(line for line in ask("list", "strategies").output.splitlines() if line.split()[0] == "tot_bfs")
    assert "Tree of Thoughts, breadth first" in line
    lines = [line.split() for line in ask("list", "tot_bfs").output.splitlines()]
    assert ["tot_bfs", "search", "strategy"] in lines
    assert ["width", "5"] in lines and ["opinions", "3"] in lines and ["pick", "'greedy'"] in lines


def test_a_name_that_two_rooms_hold_is_described_twice() -> None:
    lines = [line.split() for line in ask("list", "best_of_n").output.splitlines()]
    assert ["best_of_n", "agent"] in lines and ["best_of_n", "search", "strategy"] in lines


def test_an_unknown_thing_is_told_the_nearest_one() -> None:
    result = ask("list", "games/gues_number")
    assert result.exit_code == 2
    assert result.stderr == (
        "Nothing is called 'games/gues_number'. Did you mean games/guess_number? `syllogym list` shows everything.\n"
    )


@pytest.mark.parametrize(
    "arguments", [["list"], ["list", "grpo"], ["list", "tot_bfs"], ["list", "games/guess_number"], ["--help"]]
)
def test_listing_and_help_import_no_torch(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom syllogym.cli import app\n"
        f"try: app({arguments!r})\n"
        "except SystemExit as end: print('STATUS', end.code, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "STATUS 0 False"


def test_help_imports_neither_gymnasium_nor_pydantic() -> None:
    code = (
        "import sys, syllogym.cli\nprint([m for m in ('gymnasium', 'pydantic', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_the_version_is_printed() -> None:
    assert ask("--version").output == f"syllogym {syllogym.__version__}\n"


def test_python_dash_m_works_and_a_mistake_is_one_sentence_on_the_error_stream() -> None:
    done = run("play", "games/guess")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no environment 'games/guess'. Did you mean games/guess_number?")
    assert done.stderr.count("\n") == 1


def test_an_unknown_command_is_told_the_nearest_one() -> None:
    result = ask("trian")
    assert result.exit_code == 2
    assert "No such command 'trian'. Did you mean 'train'?" in result.stderr


def test_an_unknown_option_is_told_the_possible_ones() -> None:
    result = ask("play", "games/guess_number", "--sed", "1")
    assert result.exit_code == 2
    assert "--seed" in result.stderr


def test_a_game_is_played_from_a_pipe_without_control_characters() -> None:
    done = run("play", "games/guess_number", "--seed", "3", "--set", "high=3", typed="1\n2\n3\n")
    assert done.returncode == 0
    assert "Guess my number between 1 and 3." in done.stdout
    assert "(correct +1), return so far +1" in done.stdout
    assert "The episode is over." in done.stdout
    assert done.stdout.replace("\n", "").isprintable()
    assert done.stderr == ""


def test_a_pipe_that_ends_leaves_the_game_politely() -> None:
    result = ask("play", "games/guess_number", "--seed", "3", typed="0\n")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "You left before the end. Turns: 1; return 0."


def test_a_wrong_option_of_an_environment_is_told_the_nearest() -> None:
    result = ask("play", "games/guess_number", "--set", "hihg=3")
    assert (result.exit_code, result.stderr) == (2, "'games/guess_number' takes high; not hihg. Did you mean high?\n")


class Broken(envs.TextEnv):
    """Raises when it is reset."""

    def on_reset(self, rng: Any) -> str:
        raise ZeroDivisionError("oh")


def test_an_environment_that_fails_is_a_sentence_and_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envs, "make", lambda name, **options: Broken())
    result = ask("play", "test/broken", "--seed", "5")
    assert result.exit_code == 1
    assert result.stderr == ("The environment failed: Broken (seed 5, turn 0): on_reset raised ZeroDivisionError: oh\n")


def test_check_wants_one_environment_or_all() -> None:
    for arguments in (["check"], ["check", "games/guess_number", "--all"]):
        result = ask(*arguments)
        assert result.exit_code == 2
        assert result.stderr == "What should be checked? Name one environment, or write --all, or --sandbox.\n"


@pytest.mark.parametrize(("ok", "status"), [(True, 0), (False, 1)])
def test_check_prints_the_doctors_report_and_its_verdict_is_the_status(
    ok: bool, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = ModuleType("syllogym.envs.doctor")
    doctor.diagnose = lambda name: SimpleNamespace(ok=ok, lines=lambda: [f"{name}: [all] seen"])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "syllogym.envs.doctor", doctor)
    result = ask("check", "games/guess_number")
    assert (result.exit_code, result.output) == (status, "games/guess_number: [all] seen\n")


def test_one_sick_environment_among_all_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = ModuleType("syllogym.envs.doctor")
    doctor.diagnose = lambda name: SimpleNamespace(ok=name != "b", lines=lambda: [name])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "syllogym.envs.doctor", doctor)
    monkeypatch.setattr(envs, "names", lambda: ["a", "b", "c"])
    result = ask("check", "--all")
    assert (result.exit_code, result.output) == (1, "a\nb\nc\n")


def test_training_a_scenario_that_does_not_exist_is_a_users_mistake() -> None:
    result = ask("train", "no_such.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("There is no file 'no_such.yaml'.")
