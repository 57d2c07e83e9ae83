"""Do whole runs go through with a real vLLM: beside learning, with adapters, in a league, with a process killed?"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.league import League
from syllogym.scenarios.train import train
from tests.agents.engines.vllm.interpreter import python_with_vllm

pytestmark = pytest.mark.vllm

# vLLM has attention for heads of 32 numbers on a CPU.
SMALL = """
environment: {name: math/arithmetic, digits: 2}
policy: {tiny: {layers: 1, width: 32, heads: 1, context: 96}}
warmup: {steps: 10, batch: 16, optimiser: {lr: 0.02}}
algorithm: {name: grpo, epochs: 2}
train: {steps: 3, prompts: 3, group: 4}
sampling: {max_tokens: 6}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 0}
threads: 1
"""
LEAGUE = """
environment: {name: games/nim, high: 6}
context: markov
policy: {tiny: {layers: 1, width: 32, heads: 1, context: 32}, lora: {rank: 2}}
algorithm: {name: grpo}
league: {every: 1, keep: 2, latest: 0.2}
train: {steps: 3, prompts: 4, group: 3}
sampling: {max_tokens: 3}
optimiser: {lr: 0.05}
evaluate: {episodes: 4, every: 0, against: [random_text]}
checkpoint: {every: 0}
threads: 1
"""


def run(text: str, tmp_path: Path, *settings: str) -> Path:
    """Train a scenario with vLLM; its log is kept in the folder `log`."""
    file = tmp_path / "small.yaml"
    file.write_text(text, encoding="utf-8")
    engine = (
        f"engine={{name: vllm, python: {python_with_vllm()}, memory: 0.1, start_timeout: 900, log: {tmp_path}/log}}"
    )
    return train(str(file), [engine, *settings], tmp_path / "run")


def rows(folder: Path) -> list[dict[str, Any]]:
    if not (folder / "metrics.jsonl").exists():
        return []
    lines = map(json.loads, (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    return [row for row in lines if row["kind"] == "train"]


def workers() -> set[int]:
    """The processes of vLLM that this one has begun."""
    children = (folder / "children" for folder in Path("/proc/self/task").iterdir())
    pids = {int(pid) for child in children for pid in child.read_text().split()}
    return {pid for pid in pids if b"engines.vllm.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()}


class Killer(threading.Thread):
    """Kills one of several workers when the first step of the run is over."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.killed = 0

    def run(self) -> None:
        while not rows(self.folder):
            time.sleep(0.02)
        self.killed = min(workers())
        os.kill(self.killed, signal.SIGKILL)


def test_a_run_one_step_off_learns_from_whole_rollouts_of_one_version(tmp_path: Path) -> None:
    steps = rows(run(SMALL, tmp_path, "train.asynchronous={staleness: 1, swap: between}"))
    assert [row["episodes"] for row in steps] == [12.0] * 3
    assert [row["staleness"] for row in steps] == [0.0, 2.0, 2.0]
    assert steps[0]["engine_gap_max"] < 1e-5


def test_an_adapter_learns_beside_two_replicas_of_which_one_is_killed(tmp_path: Path) -> None:
    killer = Killer(tmp_path / "run")
    killer.start()
    settings = ["train.asynchronous={staleness: 2, swap: inside}", "policy.lora={rank: 4}", "engine.replicas=2"]
    steps = rows(run(SMALL, tmp_path, *settings, "train.steps=6"))
    assert killer.killed
    assert [row["episodes"] for row in steps] == [12.0] * 6
    assert all(row["faults"] == 0 and row["staleness_max"] <= 4 for row in steps)


def test_a_league_of_adapters_is_sampled_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    met: set[str] = set()
    drawn = League.draw
    monkeypatch.setattr(League, "draw", lambda league, key: met.add(name := drawn(league, key)) or name)
    steps = rows(run(LEAGUE, tmp_path))
    assert {"past_self@0", "past_self@1"} <= met
    assert steps[-1]["league/size"] == 2
    assert all(row["engine_gap_max"] < 1e-5 for row in steps)
    assert [log.name for log in (tmp_path / "log").iterdir()] == ["vllm-0.log"]
