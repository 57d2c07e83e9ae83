"""Does a model made from nothing learn to reason its way to proofs, snippets between its words, by reinforcement?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers


@pytest.mark.slow
def test_grpo_learns_to_prove_aloud_what_its_warm_up_does_not(tmp_path: Path) -> None:
    settings = ["train.steps=20", "evaluate.episodes=128"]
    run = train("interleaved_grpo", settings, tmp_path / "run")
    accuracy = {row["label"]: float(row["accuracy"]) for row in numbers(run) if row["kind"] == "evaluate"}  # type: ignore[arg-type]
    assert accuracy["after warm-up"] < 0.6
    assert accuracy["after training"] > accuracy["after warm-up"] + 0.25
