"""Which credit and which schedule does a team learn fastest by? Held-out success after the same warm-up, 3 seeds.

``python -m benchmarks.teams [seed ...]`` writes one line of JSON for each setting and seed. Every setting of a seed
begins with the same warmed-up weights and plays the same number of rollouts.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from syllogym.agents.policy import Policy
from syllogym.scenarios.build import policy_players
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

_GIVEN = {"relay_team": ["train.steps=40"], "quartet": ["train.steps=20", "train.prompts=4"]}
_TURNS = "train.schedule=[{roles: [speaker], steps: 5}, {roles: [listener], steps: 5}]"
_TOGETHER = "train.schedule=[{roles: [speaker, listener], steps: 5}]"
_SETTINGS: Mapping[str, Mapping[str, list[str]]] = {
    "relay_team": {
        "joint, own": ["credit=own"],
        "joint, shared": ["credit=shared"],
        "joint, difference": ["credit=difference"],
        "joint, frozen_partner": ["credit=frozen_partner", _TOGETHER],
        "alternating, own": ["credit=own", _TURNS],
        "alternating, shared": ["credit=shared", _TURNS],
        "alternating, difference": ["credit=difference", _TURNS],
    },
    "quartet": {
        "joint, own": ["credit=own"],
        "joint, shared": ["credit=shared"],
        "joint, difference": ["credit=difference"],
    },
}


def main(seeds: list[int]) -> None:
    """Warm up and train; print a line for each run."""
    for seed in seeds:
        for name, settings in _SETTINGS.items():
            given = [f"seed={seed}", *_GIVEN[name]]
            warm = _finish(make_stage("warmup", _scenario(name, given)))
            before = _measure(_scenario(name, given), warm)
            for setting, own in settings.items():
                scenario = _scenario(name, [*given, *own])
                began = time.process_time()
                trained = _finish(make_stage("train", scenario, policies=copy.deepcopy(warm)))
                row = {"scenario": name, "setting": setting, "seed": seed, "before": before}
                took = time.process_time() - began
                print(json.dumps({**row, "after": _measure(scenario, trained), "cpu_seconds": took}), flush=True)


def _scenario(name: str, settings: list[str]) -> Scenario:
    return load(name, Scenario, settings)[0]


def _finish(stage: Stage) -> Mapping[str, Policy]:
    while not stage.done:
        stage.advance()
    return stage.policies


def _measure(scenario: Scenario, policies: Mapping[str, Policy]) -> dict[str, Any]:
    report, _ = held_out(scenario, policy_players(scenario, policies, greedy=True), "")
    return {key: report[key] for key in ("accuracy", "return")}


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [0, 1, 2])
