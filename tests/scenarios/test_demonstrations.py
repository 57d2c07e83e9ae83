"""Does the reference solver's episode join the group of its task, for learning and for nothing else?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.algorithms.core.batch import Batch
from syllogym.errors import UserError
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_refill import resume_after
from tests.scenarios.test_resume import assert_same_outcome

SUPER = "algorithm={name: super_rl, epochs: 2, minibatches: 2}"


def rollout(file: Path, *settings: str) -> tuple[Any, Batch]:
    """Return the training stage and what it learns from in its first step."""
    scenario, _ = load(str(file), Scenario, settings)
    stage: Any = make_stage("train", scenario)
    stage.advance()
    return stage, stage.trainees["policy"].batch


def test_every_group_has_one_demonstration(micro: Path) -> None:
    _, batch = rollout(micro, SUPER)
    assert batch.group[batch.demonstrated].tolist() == [0, 1, 2, 3]
    assert (batch.outcome[batch.demonstrated] == 1).all()
    assert len(batch.group) == 4 * (4 + 1)


def test_demonstrations_are_no_part_of_the_metrics(micro: Path) -> None:
    stage, batch = rollout(micro, SUPER)
    assert stage.metrics["episodes"] == 4 * 4
    assert stage.metrics["reward"] == pytest.approx(float(batch.outcome[~batch.demonstrated].mean()))


def test_a_method_that_did_not_ask_sees_none(micro: Path) -> None:
    _, batch = rollout(micro)
    assert not batch.demonstrated.any()


def test_sft_as_a_training_stage_learns_from_the_solver_alone(micro: Path) -> None:
    stage, batch = rollout(micro, "algorithm={name: sft, epochs: 2}")
    assert stage.trainees["policy"].credit.keep.equal(batch.demonstrated[batch.trajectory])


@pytest.mark.parametrize("name", ["super_rl", "super_rl_hybrid"])
def test_super_rl_resumes_to_the_same_bits(micro: Path, tmp_path: Path, name: str) -> None:
    straight = train(str(micro), [SUPER.replace("super_rl", name)], tmp_path / "straight")
    assert_same_outcome(straight, resume_after(26, straight, tmp_path / "killed"))


def test_an_environment_without_a_solver_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    file = tmp_path / "choosy.yaml"
    file.write_text(CHOOSY, encoding="utf-8")
    with pytest.raises(UserError, match="test-choosy/bytes has no reference solver"):
        train(str(file), ["algorithm={name: super_rl}"], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_method_that_wants_a_teacher_says_so(micro: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"kdrl learns from a teacher: name one in teacher\.model"):
        train(str(micro), ["algorithm={name: kdrl}"], tmp_path / "run")


def test_kdrl_learns_beside_a_teacher(micro: Path, tmp_path: Path) -> None:
    shape = "teacher={tiny: {layers: 1, width: 16, heads: 2, context: 128}}"
    run = train(str(micro), ["algorithm={name: kdrl}", shape], tmp_path / "run")
    rows = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    assert sum(row["kind"] == "train" for row in rows) == 3
