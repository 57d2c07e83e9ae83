"""Does a run that was killed and resumed give, to the last bit, what the run that was never stopped gives?"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file

from syllogym.scenarios.train import train

TIMED = ("tokens_per_s", "overlap")


def assert_same_outcome(one: Path, other: Path) -> None:
    weights, others = (load_file(run / "model" / "model.safetensors") for run in (one, other))
    assert weights.keys() == others.keys()
    assert all(weights[name].equal(others[name]) for name in weights)
    for mine, theirs in zip(numbers(one), numbers(other), strict=True):
        assert mine == theirs
    assert (one / "episodes.jsonl").read_bytes() == (other / "episodes.jsonl").read_bytes()


def numbers(run: Path) -> list[dict[str, object]]:
    """Every metric but those that measure time."""
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        {name: value for name, value in json.loads(line).items() if "second" not in name and name not in TIMED}
        for line in lines
    ]


@pytest.mark.parametrize(
    ("algorithm", "high"),
    [
        ("grpo, kl: 0.01", 3),
        ("ppo, kl: {coefficient: 0.1, target: 0.1, horizon: 16}", 3),
        ("reinforce, baseline: moving", 7),
        ("orz", 3),
    ],
)
def test_resuming_from_any_checkpoint_gives_the_same_bits(
    micro: Path, tmp_path: Path, algorithm: str, high: int
) -> None:
    settings = [f"algorithm={{name: {algorithm}, epochs: 2, minibatches: 2}}", f"environment.high={high}"]
    straight = train(str(micro), settings, tmp_path / "straight")
    saved = sorted((straight / "checkpoints").glob("step-*"))
    assert len(saved) == 20 + 3 * 4  # every warm-up step, every update: most lie in the middle of a rollout
    assert any(row.get("grad_norm") for row in numbers(straight) if row["kind"] == "train"), "nothing was learnt from"
    for checkpoint in (saved[7], saved[21], saved[26]):
        killed = tmp_path / checkpoint.name
        shutil.copytree(straight, killed)
        shutil.rmtree(killed / "model")
        for later in sorted((killed / "checkpoints").glob("step-*")):
            if later.name > checkpoint.name:
                shutil.rmtree(later)
        train(run_dir=killed, resume=True)
        assert_same_outcome(straight, killed)


def test_kill_9_and_resume_gives_the_same_bits(micro: Path, tmp_path: Path) -> None:
    straight = train(str(micro), run_dir=tmp_path / "straight")
    killed = tmp_path / "killed"
    command = [sys.executable, "-m", "syllogym", "train", str(micro), "--run-dir", str(killed)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(list((killed / "checkpoints").glob("step-*"))) < 24:
        assert process.poll() is None, "it ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait()
    train(run_dir=killed, resume=True)
    assert_same_outcome(straight, killed)


def test_a_curriculum_goes_on_from_its_level(micro: Path, tmp_path: Path) -> None:
    rise = "environment={name: games/guess_number, max_turns: 2, curriculum: {raise_at: 0.001, window: 2}}"
    straight = train(str(micro), [rise], tmp_path / "straight")
    killed = tmp_path / "killed"
    shutil.copytree(straight, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[26:]:
        shutil.rmtree(later)
    train(run_dir=killed, resume=True)
    assert_same_outcome(straight, killed)
