"""What does a league add to self-play? Games won against fixed opponents after the same warm-up, 3 seeds.

``python -m benchmarks.self_play [seed ...]`` writes one line of JSON for each setting and seed. Every setting of a seed
begins with the same warmed-up weights and plays the same number of episodes.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from syllogym.scenarios.build import Trained, policy_folders, policy_players
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

_SETTINGS: Mapping[str, list[str]] = {
    "newest weights only": ["league=null"],
    "league, hardest": [],
    "league, uniform": ["league.weights=uniform"],
}


def main(seeds: list[int]) -> None:
    """Warm up and train; print a line for each run."""
    for seed in seeds:
        warm = _finish(make_stage("warmup", _scenario(seed, [])))
        with TemporaryDirectory() as folder:
            base = Path(folder)
            for name, place in policy_folders(_scenario(seed, []), base).items():
                warm[name].save(place)
            print(
                json.dumps({"seed": seed, "setting": "warm-up", **_measure(_scenario(seed, []), warm, base)}),
                flush=True,
            )
            for setting, own in _SETTINGS.items():
                scenario = _scenario(seed, own)
                began = time.process_time()
                trained = _finish(make_stage("train", scenario, policies=copy.deepcopy(warm)))
                row = {"seed": seed, "setting": setting, "cpu_seconds": time.process_time() - began}
                print(json.dumps({**row, **_measure(scenario, trained, base)}), flush=True)


def _scenario(seed: int, settings: list[str]) -> Scenario:
    return load("nim_league", Scenario, [f"seed={seed}", *settings])[0]


def _finish(stage: Stage) -> Mapping[str, Trained]:
    while not stage.done:
        stage.advance()
    return stage.policies


def _measure(scenario: Scenario, policies: Mapping[str, Trained], base: Path) -> dict[str, Any]:
    report, _ = held_out(scenario, policy_players(scenario, policies, greedy=True), "", base)
    return {key.removesuffix("/accuracy"): report[key] for key in report if key.endswith("/accuracy")}


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [0, 1, 2])
