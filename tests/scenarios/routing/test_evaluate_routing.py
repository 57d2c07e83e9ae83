"""Does `syllogym evaluate` compare routers on a table as it says, and say what is wrong where it cannot?"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syllogym.cli import app
from syllogym.envs.routing.source import load_table
from syllogym.errors import UserError
from syllogym.scenarios.routing.evaluate import evaluate_routing, judge
from syllogym.scenarios.routing.find import BASELINES
from syllogym.scenarios.routing.findings import Findings

PRICES = {"small": {"output_price": 1.0}, "large": {"output_price": 10.0}}


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    """Two models on 240 questions: the small one can add, the large one can do more."""
    rng, rows = random.Random(0), []
    for number in range(240):
        hard = rng.random() < 0.5
        task = f"prove that {number} is a sum of squares" if hard else f"add {number} and {rng.randrange(99)}"
        scores = {"small": float(rng.random() < (0.1 if hard else 0.9)), "large": float(rng.random() < 0.85)}
        rows.append({"question": task, "scores": scores, "family": f"family {number % 12}"})
    file = tmp_path / "scores.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    spec = {"table": {"name": "scores", "path": str(file), "prices": PRICES}, "routers": ["knn"], "draws": 200}
    text = {"environment": {"name": "math/game24"}, "evaluate": {"routing": spec}}
    (tmp_path / "routing.yaml").write_text(json.dumps(text), encoding="utf-8")
    return str(tmp_path / "routing.yaml")


def run(*arguments: str):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, ["evaluate", *arguments])


def test_routers_are_judged_beside_every_baseline_on_questions_they_never_saw(scenario: str, tmp_path: Path) -> None:
    report, folder = evaluate_routing(scenario, run_dir=tmp_path / "out")
    assert [one.name for one in report.findings.routers] == [*BASELINES, "knn"]
    spec = json.loads(Path(scenario).read_text())["evaluate"]["routing"]["table"]
    _, test = load_table(spec).split(0.5)
    assert report.routers["knn"][0].table.questions == test.questions
    assert report.findings.strongest == "large" and report.findings.families == 12
    assert Findings.from_json((folder / "findings.json").read_text()) == report.findings


def test_the_command_says_what_came_of_it_and_where_it_is(scenario: str, tmp_path: Path) -> None:
    done = run(scenario, "--run-dir", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    assert "knn" in done.output and "tfidf_ridge" in done.output
    assert f"Report: {tmp_path / 'out' / 'routing.html'}" in done.output.replace("\n", "")


def test_fewer_questions_may_be_asked_for(scenario: str, tmp_path: Path) -> None:
    report, _ = evaluate_routing(scenario, episodes=40, run_dir=tmp_path / "out")
    assert report.findings.questions == 40


def test_the_same_settings_give_the_same_numbers(scenario: str, tmp_path: Path) -> None:
    first, second = (evaluate_routing(scenario, run_dir=tmp_path / name)[0] for name in ("a", "b"))
    assert first.findings == second.findings


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("evaluate.routing.routers=[knm]", "Did you mean knn?"),
        ("evaluate.routing.routers=[{name: knn, neighbours: 3}]", "not neighbours"),
        ("evaluate.routing.routers=[knn, knn]", "knn is there twice"),
        ("evaluate.routing.routers=[oracle]", "oracle is a baseline"),
        ("evaluate.routing.test=1.5", "less than 1"),
        ("evaluate.routing.points=0", "greater than 0"),
        ("evaluate.routing.table.path=nowhere.jsonl", "nowhere.jsonl"),
        ("evaluate.routing.table.name=scorez", "Did you mean scores?"),
    ],
    ids=["router", "option", "twice", "baseline", "share", "points", "path", "source"],
)
def test_what_cannot_be_is_said_in_one_sentence(scenario: str, tmp_path: Path, setting: str, complaint: str) -> None:
    done = run(scenario, "--set", setting, "--run-dir", str(tmp_path / "out"))
    assert done.exit_code == 2 and "Traceback" not in done.output
    assert complaint in done.output.replace("\n", " ")


def test_other_options_are_refused(scenario: str, tmp_path: Path) -> None:
    done = run(scenario, "--agent", "oracle")
    assert done.exit_code == 2 and "evaluate.routing compares routers" in done.output.replace("\n", " ")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    done = run(scenario, "--run-dir", str(tmp_path / "full"))
    assert done.exit_code == 2 and "holds something already" in done.output.replace("\n", " ")


def test_questions_in_both_parts_are_refused(scenario: str) -> None:
    spec = json.loads(Path(scenario).read_text())["evaluate"]["routing"]["table"]
    table = load_table(spec)
    with pytest.raises(UserError, match="240 questions are in both parts"):
        judge(table, table, {})
    train, test = table.split()
    with pytest.raises(UserError, match="are judged on"):
        judge(train.only(["small"]), test, {})
