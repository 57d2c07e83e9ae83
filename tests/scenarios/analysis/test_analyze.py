"""Does an analysis leave what it promises, the same each time, and refuse what cannot be compared?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from syllogym.cli import app
from syllogym.errors import UserError
from syllogym.scenarios.analysis.analyze import analyze
from syllogym.scenarios.analysis.findings import Findings
from syllogym.scenarios.build import make_policies, policy_players
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.agents.models import tokenizer_of
from tests.scenarios.test_team import TEAM

SMALL: Any = {"samples": 4, "instances": 3}


@pytest.fixture(scope="module")
def findings(finished: Path) -> Findings:
    return analyze(finished, no_thinking="2", **SMALL)


@pytest.fixture
def other(finished: Path, tmp_path: Path) -> Path:
    """A copy of the run, to be changed."""
    return Path(shutil.copytree(finished, tmp_path / "other", ignore=shutil.ignore_patterns("checkpoints")))


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["analyze", *arguments], prog_name="syllogym", env={"COLUMNS": "80"})


def test_an_analysis_leaves_every_file_it_promises(findings: Findings, finished: Path) -> None:
    names = {path.name for path in (finished / "analysis").iterdir()}
    assert names >= {"analysis.md", "analysis.json", "forking_tokens.md", "pass_at_k.png", "metrics.png", "lengths.png"}


def test_the_page_shows_only_pictures_that_are_there(findings: Findings, finished: Path) -> None:
    page = (finished / "analysis" / "analysis.md").read_text(encoding="utf-8")
    shown = [part.partition(")")[0] for part in page.split("](")[1:]]
    assert shown
    assert all((finished / "analysis" / name).is_file() for name in shown)


def test_every_number_is_in_the_json(findings: Findings, finished: Path) -> None:
    written = json.loads((finished / "analysis" / "analysis.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(findings.to_json()))
    assert written["comparison"]["ks"] == [1, 2, 4]
    assert written["no_thinking"]["prefill"] == "2"


def test_the_same_question_has_the_same_answer(findings: Findings, finished: Path) -> None:
    assert analyze(finished, no_thinking="2", **SMALL) == findings


def test_a_policy_compared_with_itself_gains_nothing(other: Path) -> None:
    found = analyze(other, other, **SMALL).comparison
    assert found.trained == found.base
    assert found.gain.low == found.gain.high == [0.0] * 3


def test_the_base_is_the_policy_with_which_reinforcement_learning_began(finished: Path) -> None:
    scenario, _ = load(str(finished / "scenario.yaml"), Scenario)
    base = make_policies(scenario, critic=False, path=finished / "base")
    label = "after warm-up"
    report, _ = held_out(scenario, policy_players(scenario, base, greedy=True), label)
    rows = map(json.loads, (finished / "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    assert report.items() <= next(row for row in rows if row.get("label") == label).items()


def test_without_think_blocks_the_comparison_is_left_out_with_the_reason(other: Path) -> None:
    assert analyze(other, **SMALL).no_thinking is None
    assert "knows no <think> blocks; --no-thinking says" in (other / "analysis" / "analysis.md").read_text("utf-8")


def test_a_policy_that_began_as_a_saved_model_is_compared_with_that(other: Path) -> None:
    settings = yaml.safe_load((other / "scenario.yaml").read_text(encoding="utf-8"))
    saved = (other / "base").rename(other / "elsewhere")
    settings |= {"policy": {"model": str(saved)}, "warmup": None}
    (other / "scenario.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    assert analyze(other, **SMALL).base == str(saved)


def test_a_team_is_examined_in_its_first_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "team.yaml").write_text(TEAM, encoding="utf-8")
    run = train(str(tmp_path / "team.yaml"), run_dir=tmp_path / "run")
    drawn: list[Any] = []
    monkeypatch.setattr(
        "syllogym.scenarios.analysis.analyze.draw_metrics", lambda title, rows: drawn.extend(rows) or b""
    )
    found = analyze(run, **SMALL)
    assert found.forking.tokens > 0
    learnt = [row for row in drawn if "first/entropy" in row]
    assert learnt
    assert [row["entropy"] for row in learnt] == [row["first/entropy"] for row in learnt]


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    result = ask(str(tmp_path))
    assert (result.exit_code, result.stderr) == (2, f"There is no run in {tmp_path}: it has no scenario.yaml.\n")


def test_an_unfinished_run_is_told_how_to_finish(other: Path) -> None:
    (other / "model").rename(other / "elsewhere")
    with pytest.raises(UserError, match="holds no trained model yet: finish it with `syllogym train --resume"):
        analyze(other)


def test_k_beyond_the_samples_is_refused(finished: Path) -> None:
    result = ask(str(finished), "--samples", "4", "--k", "8")
    expected = "k = 8: pass@k takes k from 1 to --samples, which is 4. Raise it, or lower k.\n"
    assert (result.exit_code, result.stderr) == (2, expected)


def test_a_run_without_a_base_asks_for_one(other: Path) -> None:
    shutil.rmtree(other / "base")
    with pytest.raises(UserError, match=r"holds no base/ to compare with\. Name the folder of a run"):
        analyze(other)


def test_a_base_of_another_environment_is_refused(finished: Path, other: Path) -> None:
    settings = yaml.safe_load((other / "scenario.yaml").read_text(encoding="utf-8"))
    settings["environment"]["high"] = 7
    (other / "scenario.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(UserError, match=r"cannot be compared with .*: its environment is .*high=7"):
        analyze(finished, other)


def test_a_base_of_another_vocabulary_is_refused(finished: Path, other: Path) -> None:
    specials = ("<pad>", "<eos>", "<user>", "<assistant>", "<system>", "<other>")
    tokenizer_of("{{ messages[0].content }}", specials, "<eos>").save_pretrained(other / "model")
    with pytest.raises(UserError, match=r"has another vocabulary than .*: their replies cannot be compared"):
        analyze(finished, other)


def test_the_screen_fits_a_narrow_terminal_and_names_the_page(finished: Path) -> None:
    result = ask(str(finished), "--samples", "4", "--instances", "3", "--k", "2")
    assert result.exit_code == 0
    assert [line.split()[1] for line in result.output.splitlines() if line.startswith("│")] == ["1", "2"]
    assert result.output.splitlines()[-1] == f"Analysis: {finished / 'analysis' / 'analysis.md'}"


def test_help_names_the_options() -> None:
    assert all(option in ask("--help").output for option in ("--samples", "--instances", "--k", "--no-thinking"))
