"""Does a tiny policy learn whom to ask, and is it better than asking one expert always, at equal cost?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs import make
from syllogym.scenarios.train import train


def singles(episodes: int) -> dict[str, tuple[float, float]]:
    """Return accuracy and dollars of asking each expert always, on evaluation questions."""
    env = make("routing/one_shot", split="eval")
    sums: dict[str, list[float]] = {}
    for seed in range(episodes):
        env.reset(seed=seed)
        for model, (quality, cost) in env.routing.exam.known(env.routing.question, env.routing.seed).items():
            right, dollars = sums.setdefault(model, [0.0, 0.0])
            sums[model] = [right + quality / episodes, dollars + cost / episodes]
    return {model: (right, dollars) for model, (right, dollars) in sums.items()}


def at_cost(points: dict[str, tuple[float, float]], dollars: float) -> float:
    """Return the accuracy of the best mixture of two experts, drawn by chance, that costs so much."""
    best = max((right for right, cost in points.values() if cost <= dollars), default=0.0)
    for right, cost in points.values():
        for other, dear in points.values():
            if cost <= dollars < dear:
                best = max(best, right + (other - right) * (dollars - cost) / (dear - cost))
    return best


@pytest.mark.slow
def test_a_tiny_policy_learns_to_route_and_beats_single_experts_at_equal_cost(tmp_path: Path) -> None:
    run = train("routing_grpo", run_dir=tmp_path / "run")
    rows: list[dict[str, Any]] = [json.loads(line) for line in (run / "metrics.jsonl").read_text("utf-8").splitlines()]
    last = [row for row in rows if row["kind"] == "evaluate"][-1]
    assert last["accuracy"] > 0.8
    assert last["accuracy"] > at_cost(singles(400), last["dollars"]) + 0.1
