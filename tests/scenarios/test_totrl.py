"""Do both stages of ToTRL run, stop, and go on; and does a model made from nothing learn by them to search?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.scenarios.test_resume import assert_same_outcome, numbers

STAGES = "[{steps: 2, once: true, template: {enable_thinking: false}}, {steps: 2, template: {enable_thinking: true}}]"
MICRO = [
    "policy={model: null, tiny: {layers: 1, width: 16, heads: 2, context: 1600}}", "train.steps=4", "train.prompts=2",
    "train.group=2", f"train.schedule={STAGES}", "sampling.max_tokens=4", "evaluate={episodes: 1, every: 0}",
    "checkpoint={every: 1, keep: 100}", "threads=1",
]  # fmt: skip


@pytest.mark.parametrize("name", ["totrl_sudoku", "totrl_alphametics"])
def test_what_is_meant_for_a_pretrained_model_runs_with_a_tiny_one_through_both_stages(
    name: str, tmp_path: Path
) -> None:
    run = train(name, MICRO, tmp_path / "run")
    steps = [row for row in numbers(run) if row["kind"] == "train"]
    assert [row["reward"] for row in steps] == [-1.0] * 4  # it says nothing yet, least of all a tree
    assert (run / "model").is_dir()


def test_a_warm_up_asks_in_the_form_of_each_stage_in_turn() -> None:
    settings = [*MICRO, "warmup.steps=2", "warmup.batch=1"]
    stage = make_stage("warmup", load("totrl_tiny", Scenario, settings)[0])
    opened = []
    for _ in range(2):
        stage.advance()
        opened.append(
            "<think></think>" in stage.policies["policy"].tokenizer.decode(stage.episodes[0].steps[0].prompt_ids)
        )
    assert opened == [True, False]


@pytest.mark.parametrize("updates", [3, 4, 5])
def test_a_run_that_is_killed_inside_either_stage_goes_on_to_the_same_bits(updates: int, tmp_path: Path) -> None:
    straight = train("totrl_tiny", [*MICRO, "warmup.steps=2", "warmup.batch=2"], tmp_path / "straight")
    killed = tmp_path / "killed"
    shutil.copytree(straight, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[updates:]:
        shutil.rmtree(later)
    train(run_dir=killed, resume=True)
    assert_same_outcome(straight, killed)
