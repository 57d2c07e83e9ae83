"""Does a run leave what it promises, refuse what is wrong, and stop politely?"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from syllogym import envs
from syllogym.agents.episode import Episode
from syllogym.agents.rollout import TooManyFaults
from syllogym.errors import UserError
from syllogym.scenarios.run_directory import RunDirectory
from syllogym.scenarios.train import train


def rows(run: Path, kind: str) -> list[dict[str, object]]:
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == kind]


def test_a_run_leaves_every_file_it_promises(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    names = {path.name for path in run.iterdir()}
    assert {
        "scenario.yaml", "metrics.jsonl", "episodes.jsonl", "tensorboard", "checkpoints", "base", "model",
        "summary.md", "curve.png",
    } <= names  # fmt: skip
    assert [row["step"] for row in rows(run, "train")] == [1, 2, 3]
    assert [row["label"] for row in rows(run, "evaluate")] == ["before", "after warm-up", "step 2", "after training"]


def test_the_trained_model_loads_with_transformers_alone(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    model = AutoModelForCausalLM.from_pretrained(run / "model")
    tokenizer = AutoTokenizer.from_pretrained(run / "model")
    ids = tokenizer.apply_chat_template([{"role": "user", "content": "hi"}], return_tensors="pt", return_dict=False)
    assert torch.isfinite(model(ids).logits).all()


def test_a_trained_model_is_a_policy_of_another_scenario(micro: Path, tmp_path: Path) -> None:
    first = train(str(micro), run_dir=tmp_path / "first")
    other = tmp_path / "other.yaml"
    text = micro.read_text(encoding="utf-8").splitlines()
    text = [f"policy: {{model: {first / 'model'}}}" if line.startswith("policy") else line for line in text]
    other.write_text("\n".join(line for line in text if not line.startswith("warmup")), encoding="utf-8")
    second = train(str(other), run_dir=tmp_path / "second")
    assert not rows(second, "warmup")
    assert not (second / "base").exists()  # it is the first run's model, which is kept there
    assert len(rows(second, "train")) == 3


@pytest.mark.parametrize("algorithm", ["grpo", "ppo", "reinforce_pp"])
def test_every_method_takes_its_steps(micro: Path, tmp_path: Path, algorithm: str) -> None:
    run = train(str(micro), [f"algorithm={{name: {algorithm}, kl: 0.01}}"], tmp_path / "run")
    assert [row["step"] for row in rows(run, "train")] == [1, 2, 3]
    assert all("kl" in row for row in rows(run, "train"))


def test_sample_episodes_hold_exact_tokens(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    lines = (run / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    sampled = [step for line in lines for step in Episode.from_json(line).steps if step.logprobs]
    assert sampled
    assert all(len(step.logprobs) == len(step.token_ids) for step in sampled)


def test_training_and_evaluation_meet_different_instances(tmp_path: Path) -> None:
    env = {split: envs.make("math/arithmetic", digits=2, split=split) for split in ("train", "eval")}
    seen = {split: {env[split].reset(seed=seed)[0] for seed in range(300)} for split in env}
    assert not seen["train"] & seen["eval"]


def test_a_folder_that_holds_a_run_is_not_overwritten(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    with pytest.raises(UserError, match="holds a run already: continue it with --resume"):
        train(str(micro), run_dir=run)


def test_resuming_where_there_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no run in .*: it has no scenario.yaml"):
        train(run_dir=tmp_path, resume=True)


def test_a_missing_model_is_named(micro: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"policy.model: '/no/such' is no causal language model"):
        train(str(micro), ["policy={model: /no/such, tiny: null}"], tmp_path / "run")


@envs.register("test/nan")
class NanReward(envs.TextEnv):
    def on_reset(self, rng: random.Random) -> str:
        return f"say {rng.randint(1, 999)}"

    def on_step(self, reply: envs.Reply) -> envs.Turn:
        return envs.Turn("", envs.Reward(correct=float("nan")), over=True)

    def solve(self) -> str:
        return "1"


@envs.register("test/raises")
class Raises(NanReward):
    def on_step(self, reply: envs.Reply) -> envs.Turn:
        raise RuntimeError("the board is on fire")


@envs.register("test/hangs")
class Hangs(NanReward):
    def on_step(self, reply: envs.Reply) -> envs.Turn:
        while True:
            pass


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("test/nan", "reward that is not a finite number: correct = nan"),
        ("test/raises", "on_step raised RuntimeError: the board is on fire"),
        ("test/hangs", "no answer within 1 s"),
    ],
)
def test_a_run_stops_with_the_reason_when_faults_are_many(micro: Path, tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(TooManyFaults, match=reason):
        train(str(micro), [f"environment={{name: {name}}}", "train.turn_timeout=1.0"], tmp_path / "run")


def test_ctrl_c_saves_and_says_how_to_go_on(micro: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    asked = ["train", str(micro), "--run-dir", str(run), "--set", "train.steps=100000"]
    command = [sys.executable, "-m", "syllogym", *asked]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    metrics = run / "metrics.jsonl"
    while not metrics.exists() or '"kind": "train"' not in metrics.read_text(encoding="utf-8"):
        assert process.poll() is None, process.communicate()
    os.kill(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"Go on with: syllogym train --resume --run-dir {run}" in " ".join((output + errors).split())
    assert list((run / "checkpoints").glob("step-*"))


def test_a_wrong_option_is_told_before_anything_is_written(micro: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"There is no file 'none\.jsonl'"):
        train(str(micro), ["environment={name: math/dataset, file: none.jsonl}"], tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_setting_of_the_wrong_type_is_told(micro: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"grpo.clip: input should be a valid number; it is 'wide'"):
        train(str(micro), ["algorithm={name: grpo, clip: wide}"], tmp_path / "run")


def test_a_run_killed_before_its_first_checkpoint_begins_again(micro: Path, tmp_path: Path) -> None:
    straight = train(str(micro), run_dir=tmp_path / "straight")
    killed = tmp_path / "killed"
    killed.mkdir()
    (killed / "scenario.yaml").write_bytes((straight / "scenario.yaml").read_bytes())
    (killed / "metrics.jsonl").write_text('{"kind": "evaluate", "half', encoding="utf-8")
    train(run_dir=killed, resume=True)
    assert len(rows(killed, "evaluate")) == len(rows(straight, "evaluate"))


def test_a_finished_run_is_not_resumed(micro: Path, tmp_path: Path) -> None:
    run = train(str(micro), run_dir=tmp_path / "run")
    with pytest.raises(UserError, match=r"is finished\. See it with: syllogym evaluate"):
        train(run_dir=run, resume=True)


def test_a_full_disk_is_told_with_the_way_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"metrics\.jsonl could not be written .*syllogym train --resume --run-dir"):
        RunDirectory(tmp_path / "gone").log("train", 1, {"reward": 1.0})
