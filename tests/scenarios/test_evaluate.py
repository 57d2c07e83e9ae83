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


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_the_score_interval_agrees_with_tables(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=2e-4)
