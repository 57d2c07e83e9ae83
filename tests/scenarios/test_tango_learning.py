"""Does a verifier that is paid for its last verdict alone learn to judge the steps?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.scenarios.test_resume import numbers


@pytest.mark.slow
def test_a_verifier_learns_to_judge_steps_from_its_last_verdict(tmp_path: Path) -> None:
    run = train("tango", ["train.steps=20"], tmp_path / "run")
    right = {row["label"]: float(row["step_accuracy"]) for row in numbers(run) if row["kind"] == "evaluate"}  # type: ignore[arg-type]
    assert right["after warm-up"] < 0.8
    assert right["after training"] > 0.85
