"""Are the episodes of a policy that routes judged as they were played, beside baselines on the same questions?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from syllogym.agents.episode import Episode
from syllogym.cli import app
from syllogym.scenarios.evaluate import evaluate
from syllogym.scenarios.routing.find import BASELINES
from syllogym.scenarios.routing.played import report_on
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from tests.pages import data

SCENARIO = """
environment: {name: routing/cascade, weight: 1.0}
policy: {tiny: {layers: 1, width: 16}}
algorithm: {name: reinforce}
evaluate: {episodes: 60}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("played") / "cascade.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def solved(scenario: str) -> tuple[dict[str, Any], list[Episode]]:
    """The evaluation's episodes, played by the reference solver."""
    return evaluate(scenario, agent="oracle")


def test_the_reference_solver_is_judged_by_its_episodes(
    scenario: str, solved: tuple[dict[str, Any], list[Episode]]
) -> None:
    result, episodes = solved
    report = report_on(load(scenario, Scenario, [])[0], "oracle", episodes, draws=100)
    found = {one.name: one for one in report.findings.routers}
    assert list(found) == [*BASELINES, "oracle (played)"]
    (point,) = found["oracle (played)"].points
    chosen = {episode.seed: episode for episode in episodes}.values()
    assert report.findings.questions <= len(chosen)
    assert point.quality.value == pytest.approx(result["accuracy"], abs=0.1)
    assert point.cost.value == pytest.approx(np.mean([episode.counts["dollars"] for episode in episodes]), rel=0.2)
    assert point.calls >= 1.0


def test_nobody_knows_better_than_the_oracle_at_its_price(
    scenario: str, solved: tuple[dict[str, Any], list[Episode]]
) -> None:
    _, episodes = solved
    report = report_on(load(scenario, Scenario, [])[0], "solver", episodes, draws=100)
    contest = report.findings.contest("solver", "oracle")
    assert contest is not None and contest.gain.value <= 1e-9


def test_the_page_has_every_call(scenario: str, solved: tuple[dict[str, Any], list[Episode]]) -> None:
    _, episodes = solved
    report = report_on(load(scenario, Scenario, [])[0], "solver", episodes, draws=100)
    held = data(report.to_html())
    (decisions,) = [one for one in held["decisions"] if one["router"] == "solver"]
    ledgers = {episode.ledger[0][1]: episode.ledger for episode in episodes}
    for row, calls in enumerate(decisions["calls"]):
        assert calls == [[model, text, cost] for model, text, cost in ledgers[held["questions"][row]]]


def test_who_never_names_an_expert_asked_nobody_and_paid_nothing(scenario: str) -> None:
    _, episodes = evaluate(scenario, agent="silent")
    report = report_on(load(scenario, Scenario, [])[0], "silent", episodes, draws=100)
    (point,) = report.findings.routers[-1].points
    assert (point.quality.value, point.cost.value, point.calls, point.shares) == (0.0, 0.0, 0.0, {})


def test_the_command_writes_the_report_after_the_usual_table(scenario: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = CliRunner().invoke(app, ["evaluate", scenario, "--agent", "oracle", "--run-dir", out])
    assert done.exit_code == 0, done.output
    assert "held-out instances" in done.output and "tfidf_ridge" in done.output
    assert (tmp_path / "out" / "routing.html").is_file()


@pytest.mark.parametrize("environment", ["one_shot", "multi_round", "delegation"])
def test_every_environment_in_which_models_are_asked_is_reported(tmp_path: Path, environment: str) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(f"environment: {{name: routing/{environment}}}\n" + SCENARIO.partition("\n")[2].partition("\n")[2])
    _, episodes = evaluate(str(file), agent="oracle", episodes=24)
    scenario = load(str(file), Scenario, ["evaluate.episodes=24"])[0]
    (point,) = report_on(scenario, "solver", episodes, draws=50).findings.routers[-1].points
    assert point.quality.value > 0.7 and point.calls >= 1.0 and point.cost.value > 0
    assert all(episode.ledger for episode in episodes)
