"""Is a player judged on the same held-out instances each time, and rightly?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.errors import UserError
from syllogym.scenarios.evaluate import evaluate, wilson
from syllogym.scenarios.train import train


def test_the_reference_solver_is_right_on_every_instance() -> None:
    report, episodes = evaluate("quickstart", agent="oracle", episodes=20)
    assert report["accuracy"] == 1.0
    assert len(episodes) == 20


def test_a_player_that_knows_nothing_is_wrong() -> None:
    assert evaluate("quickstart", agent="random_text", episodes=20)[0]["accuracy"] == 0.0


def test_evaluating_a_run_again_gives_what_it_reported(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    first, second = (evaluate(str(run))[0] for _ in range(2))
    assert first == second
    assert f"{first['accuracy']:.1%}" in (run / "summary.md").read_text(encoding="utf-8")


def test_a_run_without_a_model_says_how_to_finish_it(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    (run / "model").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="holds no trained model yet: finish it with `syllogym train --resume"):
        evaluate(str(run))


@pytest.mark.parametrize("agent", ["{name: majority, n: 3}", "{name: best_of_n, n: 3, by: logprob}"])
def test_the_best_of_a_trained_policys_replies_is_evaluated_in_its_place(
    micro: Path, tmp_path: Path, agent: str
) -> None:
    run = train(str(micro), ["train.steps=1"], run_dir=tmp_path / "run")
    (one, episodes), (two, _) = (evaluate(str(run), agent=agent) for _ in range(2))
    assert one == two and one["label"] == agent
    assert all(step.logprobs for episode in episodes for step in episode.steps)


def test_recorded_episodes_are_evaluated_in_the_policys_place(tmp_path: Path) -> None:
    report, episodes = evaluate("quickstart", agent="random_text", episodes=5)
    file = tmp_path / "episodes.jsonl"
    file.write_text("".join(f"{episode.to_json()}\n" for episode in episodes), encoding="utf-8")
    again, _ = evaluate("quickstart", agent=f"{{name: replay, path: {file}}}", episodes=5)
    assert {**again, "label": ""} == {**report, "label": ""}


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("{n: 3}", "--agent {n: 3}: name: Field required"),
        ("{name: majority", "--agent {name: majority: this is not YAML"),
        ("{name: majority, m: 3}", "'majority' takes of, n; not m"),
        ("replay", "replay needs the option path"),
    ],
)
def test_an_agent_that_cannot_be_made_is_named(agent: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        evaluate("quickstart", agent=agent)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_the_score_interval_agrees_with_tables(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=2e-4)
