"""Can a person at the terminal play, leave, and be missing, without a traceback?"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from syllogym import agents
from syllogym.agents.rollout import Rollouts, Task
from syllogym.errors import UserError

ROOT = Path(__file__).parents[2]
PLAY = [sys.executable, "-m", "syllogym", "evaluate", "quickstart", "--agent", "human", "--episodes", "1"]
ALONE = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    waiting = iter(lines)

    def read(ask: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", read)


def test_a_person_is_shown_the_prompt_and_says_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "rock", '"""', "two", "lines", '"""')
    task = Task("games/rock_paper_scissors", 4, {"rounds": 2})
    episode = Rollouts({"player_0": agents.get("human")(), "*": agents.get("random_text")()}).run([task])[0]
    assert [step.reply for step in episode.steps if step.agent == "player_0"] == ["rock", "two\nlines"]
    screen = capsys.readouterr().out
    assert "[games/rock_paper_scissors, seed 4, to player_0]" in screen
    assert "2 rounds of rock, paper" in screen and "Round 1. player_0: rock" in screen


def test_when_the_input_is_at_its_end_the_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch)
    with pytest.raises(UserError, match="human: agent has to move, but the input is at its end"):
        Rollouts({"*": agents.get("human")()}).run([Task("math/arithmetic", 0)])


def test_lines_may_be_piped_in() -> None:
    done = subprocess.run(PLAY, input="1\n", capture_output=True, text=True, env=ALONE, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "agent > " in done.stdout and "reward 0" in done.stdout


def test_ctrl_c_at_the_prompt_ends_the_program_at_once() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(PLAY, stdin=theirs, stdout=theirs, stderr=theirs, env=ALONE)
    os.close(theirs)
    try:
        assert "agent > " in shown_until(ours, "agent > ", seconds=100)
        time.sleep(0.5)  # the line is awaited right after the prompt is written
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert "Traceback" not in shown_until(ours, "Traceback", seconds=1)
    finally:
        process.kill()
        os.close(ours)


def shown_until(screen: int, text: str, *, seconds: float) -> str:
    """Read a terminal until it shows a text, ends, or the time is up."""
    shown, end = "", time.monotonic() + seconds
    while text not in shown and time.monotonic() < end:
        if select.select([screen], [], [], 0.2)[0]:
            try:
                shown += os.read(screen, 4096).decode()
            except OSError:  # nobody holds the other end any more
                break
    return shown
