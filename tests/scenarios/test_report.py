"""Do the summary, the picture and the screen tell what the files of a run say, whatever state these are in?"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from syllogym.agents.episode import Episode, Step
from syllogym.errors import UserError
from syllogym.scenarios import report
from syllogym.scenarios.curve import draw_curve
from syllogym.scenarios.record import StageCost, read_record
from syllogym.scenarios.report import console_summary, write_summary

SCENARIO = """description: Adding in columns
seed: 4
algorithm: {name: grpo}
train: {steps: 4}
"""


def evaluation(label: str, step: int, seconds: float, accuracy: float) -> dict[str, Any]:
    numbers = {
        "accuracy": accuracy,
        "return": accuracy,
        "episodes": 50,
        "low": accuracy - 0.05,
        "high": accuracy + 0.05,
    }
    return {"kind": "evaluate", "step": step, "seconds": seconds, "label": label, **numbers}


def step(kind: str, number: int, seconds: float) -> dict[str, Any]:
    numbers = {"reward": 0.5, "accuracy": 0.4, "kl": 0.01, "entropy": 1.0, "tokens": 100}
    return {"kind": kind, "step": number, "seconds": seconds, **numbers}


METRICS = [
    evaluation("before", 0, 1.0, 0.1),
    step("warmup", 1, 2.0),
    step("warmup", 2, 3.0),
    evaluation("after warm-up", 0, 5.0, 0.2),
    step("train", 1, 8.0),
    step("train", 2, 11.0),
    evaluation("step 2", 2, 12.0, 0.5),
    step("train", 3, 15.0),
    step("train", 4, 18.0),
    evaluation("after training", 4, 20.0, 0.8),
]


def episode(seed: int, reply: str = "12") -> Episode:
    moved = Step("agent", 0, -1, [{"role": "user", "content": "5+7="}], reply, reward=1.0)
    return Episode("math/column_addition", seed, steps=[moved])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished run, whose picture is not drawn: that takes half a second."""
    monkeypatch.setattr(report, "draw_curve", lambda record: b"")
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in METRICS))
    (tmp_path / "episodes.jsonl").write_text("".join(episode(seed).to_json() + "\n" for seed in range(5)))
    return tmp_path


def screen(run: Path) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(console_summary(run))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_summary_compares_before_and_after_with_intervals(run: Path) -> None:
    text = write_summary(run).read_text()
    assert text.startswith(
        "# Adding in columns\n\nHeld-out accuracy: 10.0% before, 20.0% after warm-up, 80.0% after training.\n"
    )
    assert "| after training | 80.0% | 75.0% to 85.0% | 0.800 | 50 |" in text
    assert "step 2" not in text


def test_time_and_tokens_are_counted_by_stage_without_the_evaluations(run: Path) -> None:
    assert read_record(run).costs() == [StageCost("warm-up", 2, 2.0, 200), StageCost("training", 4, 12.0, 400)]


def test_the_last_three_episodes_and_the_settings_are_in_the_summary(run: Path) -> None:
    text = write_summary(run).read_text()
    assert [f"seed {seed}:" in text for seed in range(5)] == [False, False, True, True, True]
    assert f"```yaml\n{SCENARIO}```" in text


def test_the_next_step_of_an_unsolved_run_is_to_train_longer(run: Path) -> None:
    assert f"`syllogym train {run}/scenario.yaml --set train.steps=8`" in write_summary(run).read_text()


def test_the_next_step_of_a_solved_run_is_to_make_it_harder(run: Path) -> None:
    with (run / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(evaluation("after training", 4, 21.0, 1.0)) + "\n")
    assert "`syllogym list math/column_addition`" in write_summary(run).read_text()


def test_the_next_step_of_a_run_that_never_succeeded_is_to_warm_up_longer(run: Path) -> None:
    (run / "scenario.yaml").write_text(SCENARIO + "warmup: {steps: 2}\n")
    (run / "metrics.jsonl").write_text(json.dumps(evaluation("after training", 4, 21.0, 0.0)) + "\n")
    assert f"`syllogym train {run}/scenario.yaml --set warmup.steps=4`" in write_summary(run).read_text()


def test_the_picture_is_a_png_of_a_readable_size(run: Path) -> None:
    header = draw_curve(read_record(run))[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(header[16:20], "big") > 800


def test_the_screen_shows_table_verdict_episodes_commands_and_paths(run: Path) -> None:
    text = screen(run)
    for part in ("75.0% to 85.0%", "80.0% after training.", "agent: 12    [+1]", "--set seed=5", f"{run}/curve.png"):
        assert part in text


def test_a_last_line_that_was_cut_off_is_passed_over(run: Path) -> None:
    before = read_record(run)
    for name in ("metrics.jsonl", "episodes.jsonl"):
        with (run / name).open("a") as file:
            file.write('{"kind": "train", "st')
    assert read_record(run) == before


def test_a_broken_line_in_the_middle_is_named(run: Path) -> None:
    (run / "metrics.jsonl").write_text('{"kind": \n{}\n')
    with pytest.raises(UserError, match=r"metrics\.jsonl:1: this line was not written by a run"):
        write_summary(run)


def test_a_run_that_has_only_begun_has_a_summary(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    assert "There are not two evaluations to compare yet." in write_summary(tmp_path).read_text()
    assert (tmp_path / "curve.png").is_file()


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^There is no run in .*: it has no scenario\.yaml\.$"):
        write_summary(tmp_path)


def test_what_a_policy_says_can_neither_steer_the_terminal_nor_leave_its_fence(run: Path) -> None:
    (run / "episodes.jsonl").write_text(episode(1, "\x1b[2J```\n# not a heading").to_json() + "\n")
    assert "\\x1b[2J" in screen(run)
    assert "````text\n" in write_summary(run).read_text()


def test_a_file_that_cannot_be_written_is_told_and_nothing_half_written_stays(run: Path) -> None:
    (run / "summary.md").mkdir()
    with pytest.raises(UserError, match=r"summary\.md could not be written: Is a directory\.$"):
        write_summary(run)
    assert not list(run.glob(".*.part"))
