"""Do decomposer and allocator learn more in turn than one of them alone? Regret on scripted experts, 3 seeds.

``python -m benchmarks.delegation [seed ...]`` writes one line of JSON for each setting and seed. Every setting of a
seed begins with the same warmed-up weights and plays the same number of rollouts. Regret is exact: what the best
delegation of each held-out sum is expected to be paid, less what the one chosen is; beside it, the share of a random
router's regret.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Mapping
from statistics import mean

from syllogym.agents.policy import Policy
from syllogym.agents.routing.regret import random_regret, regret_of
from syllogym.scenarios.build import policy_players
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

_SETTINGS: Mapping[str, list[str]] = {
    "alternating": [],
    "allocator alone": ["train.schedule=[{roles: [allocator], steps: 10}]"],
    "decomposer alone": ["train.schedule=[{roles: [decomposer], steps: 10}]"],
    "both at once": ["train.schedule=[{roles: [decomposer, allocator], steps: 10}]", "credit=own"],
}


def main(seeds: list[int], settings: list[str]) -> None:
    """Warm up and train; print a line for each run."""
    for seed in seeds:
        given = [f"seed={seed}", *settings]
        began = time.process_time()
        warm = _finish(make_stage("warmup", _scenario(given)))
        row = {"seed": seed, "setting": "after warm-up", "cpu_seconds": time.process_time() - began}
        print(json.dumps({**row, **_measure(_scenario(given), warm)}), flush=True)
        for setting, own in _SETTINGS.items():
            scenario = _scenario([*given, *own])
            began = time.process_time()
            trained = _finish(make_stage("train", scenario, policies=copy.deepcopy(warm)))
            row = {"seed": seed, "setting": setting, "cpu_seconds": time.process_time() - began}
            print(json.dumps({**row, **_measure(scenario, trained)}), flush=True)


def _scenario(settings: list[str]) -> Scenario:
    return load("r2_reasoner", Scenario, settings)[0]


def _finish(stage: Stage) -> Mapping[str, Policy]:
    while not stage.done:
        stage.advance()
    return stage.policies


def _measure(scenario: Scenario, policies: Mapping[str, Policy]) -> dict[str, float]:
    _, episodes = held_out(scenario, policy_players(scenario, policies, greedy=True), "")
    regret = mean(map(regret_of, episodes))
    chance = random_regret(scenario.environment.options, [episode.seed for episode in episodes], "eval")
    return {"regret": regret, "of_random": regret / chance, "random": chance}


if __name__ == "__main__":
    numbers = [one for one in sys.argv[1:] if one.isdigit()]
    main([int(seed) for seed in numbers] or [0, 1, 2], [one for one in sys.argv[1:] if not one.isdigit()])
