"""Do a decomposer and an allocator that learn in turn come near the best delegation, from labels that are not it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers


@pytest.mark.slow
def test_decomposer_and_allocator_lose_most_of_their_regret_in_turn(tmp_path: Path) -> None:
    settings = ["train.steps=100", "evaluate={every: 0, episodes: 128, temperature: 1.0}"]
    run = train("r2_reasoner", settings, tmp_path / "run")
    regret = {row["label"]: float(row["regret"]) for row in numbers(run) if row["kind"] == "evaluate"}  # type: ignore[arg-type]
    assert regret["after warm-up"] > 0.4
    assert regret["after training"] < 0.3 * regret["after warm-up"]
