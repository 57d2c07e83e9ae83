"""Are groups that teach nothing replaced by fresh ones, and is it said when there are none?"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from syllogym.errors import UserError
from syllogym.scenarios.train import train
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_resume import assert_same_outcome


@pytest.fixture
def choosy(tmp_path: Path) -> Path:
    """Return the file of a scenario in which about half of all groups are all wrong."""
    file = tmp_path / "choosy.yaml"
    file.write_text(CHOOSY, encoding="utf-8")
    return file


def steps(run: Path) -> list[dict[str, Any]]:
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "train"]


def test_rounds_are_played_until_the_rollout_is_full_of_mixed_groups(choosy: Path, tmp_path: Path) -> None:
    rows = steps(train(str(choosy), run_dir=tmp_path / "run"))
    assert all(row["kept"] == 3 and row["no_signal"] == 0 for row in rows)
    assert any(row["refills"] > 0 for row in rows)


def test_metrics_are_of_all_that_was_played(choosy: Path, tmp_path: Path) -> None:
    rows = steps(train(str(choosy), run_dir=tmp_path / "run"))
    refilled = [row for row in rows if row["refills"] > 0]
    assert all(row["episodes"] > 3 * 6 for row in refilled)
    assert all(row["reward"] * row["episodes"] == pytest.approx(round(row["reward"] * row["episodes"])) for row in rows)


def test_a_rollout_that_cannot_be_filled_is_learnt_from_as_it_is(choosy: Path, tmp_path: Path) -> None:
    rows = steps(train(str(choosy), ["train.refills=0", "train.prompts=6"], tmp_path / "run"))
    assert all(0 < row["kept"] < 6 and row["refills"] == 0 for row in rows)


def test_nothing_to_learn_from_is_one_sentence(choosy: Path, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"no group of the 54 episodes played in 3 rounds is informative.*train\.refills"
    ):
        train(str(choosy), ["environment.hopeless=1.0", "train.refills=2"], tmp_path / "run")


def test_a_method_that_filters_nothing_plays_one_round(choosy: Path, tmp_path: Path) -> None:
    rows = steps(train(str(choosy), ["algorithm={name: grpo}"], tmp_path / "run"))
    assert all(row["episodes"] == 3 * 6 and "refills" not in row for row in rows)


def test_a_run_stopped_amid_refilled_rollouts_resumes_to_the_same_bits(choosy: Path, tmp_path: Path) -> None:
    straight = train(str(choosy), ["train.instances=8"], tmp_path / "straight")
    assert any(row["refills"] for row in steps(straight))
    resumed = resume_after(5, straight, tmp_path / "killed")
    assert_same_outcome(straight, resumed)


def resume_after(update: int, straight: Path, folder: Path) -> Path:
    """Copy a run as it was after some optimiser steps, and let it go on."""
    shutil.copytree(straight, folder)
    shutil.rmtree(folder / "model")
    for later in sorted((folder / "checkpoints").glob("step-*"))[update:]:
        shutil.rmtree(later)
    return train(run_dir=folder, resume=True)
