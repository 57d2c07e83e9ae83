"""Are the roles of a team told apart in the summary, on the screen and in the picture?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.episode import Episode, Step, by_role
from syllogym.scenarios.curve import draw_curve
from syllogym.scenarios.record import accuracy_of, read_record
from syllogym.scenarios.report import write_summary

SCENARIO = """seed: 4
algorithm: null
team: {first: {algorithm: null}, second: {algorithm: {name: grpo}}}
train: {steps: 4}
"""


def evaluation(label: str, speaker: float, listener: float) -> dict[str, Any]:
    each = {"speaker": speaker, "listener": listener}
    numbers = {role: {"accuracy": value, "return": value, "low": 0.0, "high": 1.0} for role, value in each.items()}
    return {"kind": "evaluate", "step": 0, "seconds": 1.0, "label": label, "episodes": 50, **by_role(numbers)}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a run of a speaker and a listener, told by its files."""
    learnt = {"reward": 0.1, "speaker/reward": 0.1, "listener/reward": 0.2, "first/entropy": 1.0, "second/entropy": 2.0}
    rows = [
        evaluation("before", 0.1, 0.1),
        *({"kind": "train", "step": step, "seconds": 1.0 + step, **learnt} for step in (1, 2)),
        evaluation("after training", 0.5, 0.75),
    ]
    steps = [
        Step("speaker", 0, -1, [{"role": "user", "content": "3 8"}], "8", reward=1.0),
        Step("listener", 1, -1, [{"role": "user", "content": "5"}], "8", reward=0.5),
    ]
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "episodes.jsonl").write_text(Episode("games/relay", 7, steps=steps).to_json() + "\n")
    return tmp_path


def test_every_role_has_a_row_of_its_own(run: Path) -> None:
    text = write_summary(run).read_text()
    assert "| held-out instances | role | accuracy | 95 % interval | return | episodes |" in text
    assert "| after training | listener | 75.0% | 0.0% to 100.0% | 0.750 | 50 |" in text


def test_the_verdict_names_the_roles_only_where_they_differ(run: Path) -> None:
    verdict = "Held-out accuracy: 10.0% before; speaker 50.0%, listener 75.0% after training."
    assert read_record(run).verdict() == verdict
    assert accuracy_of({"accuracy": 0.5}) == "50.0%"


def test_episodes_tell_who_said_what_to_whom_and_what_each_earned(run: Path) -> None:
    text = write_summary(run).read_text()
    assert "games/relay, seed 7: rewards speaker 1, listener 0.5" in text
    assert "user to speaker: 3 8\nspeaker: 8    [+1]\nuser to listener: 5\nlistener: 8    [+0.5]" in text


def test_the_method_to_compare_is_a_members_own_where_the_team_has_none(run: Path) -> None:
    assert "--set team.second.algorithm.name=ppo`" in write_summary(run).read_text()


def test_the_picture_holds_a_line_for_every_role_and_policy(run: Path) -> None:
    alone = read_record(run)
    rows = [{key: value for key, value in row.items() if "/" not in key} for row in alone.metrics]
    (run / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert len(draw_curve(alone)) > len(draw_curve(read_record(run)))
