"""Do a generator and a verifier teach each other more than outcomes alone teach? TANGO on last letters, 3 seeds.

``python -m benchmarks.tango [seed ...] [setting=value ...]`` writes one line of JSON for each setting and seed. All
settings of a seed begin with the same warmed-up weights. GRPO alone has no verifier, and plays until it has sampled as
many tokens as TANGO's two policies together. All replies are sampled at temperature 1.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from syllogym.agents.episode import Episode
from syllogym.envs.teams.last_letter import labels, verdicts
from syllogym.scenarios.build import Trained, policy_players
from syllogym.scenarios.evaluate import held_out, wilson
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

_ALONE = "policy"
"""What the only policy of a scenario without a team is called."""

_UNBALANCED = "team.verifier.algorithm.reweight=false"


def main(seeds: list[int], settings: list[str]) -> None:
    """Warm up and train; print a line for each run."""
    for seed in seeds:
        given = [f"seed={seed}", *settings]
        warm = dict(_finish(make_stage("warmup", _scenario(given))))
        _tell({"seed": seed, "setting": "after warm-up"}, _scenario(given), warm)
        tokens = _run({"seed": seed, "setting": "TANGO"}, _scenario(given), warm)
        _run({"seed": seed, "setting": "classes not balanced"}, _scenario([*given, _UNBALANCED]), warm)
        _run({"seed": seed, "setting": "GRPO alone"}, _alone(given), {_ALONE: warm["generator"]}, tokens)


def _run(row: dict[str, Any], scenario: Scenario, warm: Mapping[str, Trained], tokens: float = float("inf")) -> float:
    """Train until the scenario's end, or until so many tokens were sampled; return how many were."""
    began, sampled = time.process_time(), 0.0
    stage = make_stage("train", scenario, policies=copy.deepcopy(dict(warm)))
    while not stage.done and sampled < tokens:
        metrics = stage.advance()
        sampled += metrics["tokens"] if metrics is not None else 0.0
    row = {**row, "tokens": sampled, "rollouts": stage.step, "cpu_seconds": time.process_time() - began}
    _tell(row, scenario, stage.policies)
    return sampled


def _tell(row: dict[str, Any], scenario: Scenario, policies: Mapping[str, Trained]) -> None:
    _, episodes = held_out(scenario, policy_players(scenario, policies), "")
    right = [episode.part("correct", "generator") == 1.0 for episode in episodes]
    low, high = wilson(sum(right), len(right))
    row |= {"generator": sum(right) / len(right), "low": low, "high": high}
    if "verifier" in scenario.members:
        row |= _verifier(episodes, right)
    print(json.dumps(row), flush=True)


def _verifier(episodes: Sequence[Episode], right: Sequence[bool]) -> dict[str, float]:
    """Return the share of steps, and of solutions, that are judged rightly, of right ones and of wrong ones."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for episode, correct in zip(episodes, right, strict=True):
        asked, solution = str(episode.steps[0].prompt[0]["content"]), episode.steps[0].reply
        truth = [*labels(asked.split(), solution), correct]
        _, marks = verdicts(episode.steps[-1].reply)
        fits = len(marks) == len(truth)  # else no step is judged
        for at, is_so in enumerate(truth):
            what = "whole" if at == len(truth) - 1 else "step"
            mark = marks[at] if fits else marks[-1] if marks and what == "whole" else None
            hits[f"{what}_{'right' if is_so else 'wrong'}"].append(mark == is_so)
    return {name: sum(found) / len(found) for name, found in sorted(hits.items())}


def _alone(settings: list[str]) -> Scenario:
    """Return the scenario in which the generator learns by GRPO, and nobody judges its steps."""
    _, tree = load("tango", Scenario, settings)
    tree |= {"team": {}, "algorithm": {"name": "grpo"}, "players": {"verifier": "silent"}, "train": {"steps": 100_000}}
    tree["environment"] = {**tree["environment"], "process": 0.0}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "alone.yaml"
        file.write_text(yaml.safe_dump(tree), encoding="utf-8")
        return load(file, Scenario)[0]


def _scenario(settings: list[str]) -> Scenario:
    return load("tango", Scenario, settings)[0]


def _finish(stage: Stage) -> Mapping[str, Trained]:
    while not stage.done:
        stage.advance()
    return stage.policies


if __name__ == "__main__":
    numbers = [one for one in sys.argv[1:] if one.isdigit()]
    main([int(seed) for seed in numbers] or [0, 1, 2], [one for one in sys.argv[1:] if not one.isdigit()])
