"""Does a model made from nothing learn to prove by reinforcement, once it has imitated a hasty solver?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers


@pytest.mark.slow
def test_grpo_learns_to_prove_from_horn_clauses_what_its_warm_up_does_not(tmp_path: Path) -> None:
    settings = ["train.steps=20", "evaluate.episodes=128"]
    run = train("horn_grpo", settings, tmp_path / "run")
    accuracy = {row["label"]: float(row["accuracy"]) for row in numbers(run) if row["kind"] == "evaluate"}  # type: ignore[arg-type]
    assert accuracy["after warm-up"] < 0.45
    assert accuracy["after training"] > accuracy["after warm-up"] + 0.25
