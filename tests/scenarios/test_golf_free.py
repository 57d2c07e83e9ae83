"""Does a tiny model made from nothing learn to program by what its programs do?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syllogym.scenarios.train import train

SHORT = ["environment.size=3", "warmup.steps=250", "train.steps=14", "evaluate.every=0"]


@pytest.mark.slow
def test_a_tiny_model_learns_to_find_programs_it_was_never_asked_for(tmp_path: Path) -> None:
    run = train("golf_free_grpo", SHORT, tmp_path / "run")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    _, imitated, learnt = (row["accuracy"] for row in rows if row["kind"] == "evaluate")
    assert imitated < 0.3 and learnt > 0.6 and learnt - imitated > 0.3
