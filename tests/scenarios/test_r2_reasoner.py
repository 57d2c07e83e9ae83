"""Do a decomposer and an allocator made from nothing learn in turn whom to ask for what?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers


@pytest.mark.slow
def test_decomposer_and_allocator_learn_in_turn_what_their_labels_did_not_tell(tmp_path: Path) -> None:
    run = train("r2_reasoner", ["train.steps=40", "evaluate.episodes=128", "evaluate.every=0"], tmp_path / "run")
    regret = {row["label"]: float(row["regret"]) for row in numbers(run) if row["kind"] == "evaluate"}  # type: ignore[arg-type]
    assert regret["after training"] < 0.6 * regret["after warm-up"]
