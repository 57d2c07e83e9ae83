"""What does it cost to learn from older weights, and what does it save? Held-out accuracy, time, and CPUs kept busy.

``python -m benchmarks.asynchronous [--steps 20] [SEED ...]`` trains the quickstart's task, with as many rollouts in
each setting, after the same warm-up of each seed. It writes a line of JSON for each run; `cores` is CPU time over wall
time: at one thread a side it is at most 1 where playing and learning take turns, and 2 where they overlap.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import time
from contextlib import closing

from syllogym.scenarios.build import policy_players
from syllogym.scenarios.evaluate import held_out
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

SETTINGS = {
    "in turn": "train.asynchronous=null",
    "one step off": "train.asynchronous={staleness: 1, swap: between}",
    "one step off, inside": "train.asynchronous={staleness: 1, swap: inside}",
    "four steps off, inside": "train.asynchronous={staleness: 4, swap: inside}",
}
SEEN = ("overlap", "staleness", "staleness_max", "stale", "effective_sample_size", "engine_truncated", "engine_gap")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", nargs="*", type=int, default=[0, 1, 2], metavar="SEED")
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    for seed in options.seeds:
        given = [f"seed={seed}", f"train.steps={options.steps}"]
        warm = make_stage("warmup", _scenario(given))
        _rows(warm)
        before = _accuracy(_scenario(given), warm)
        for name, setting in SETTINGS.items():
            scenario = _scenario([*given, setting])
            stage = make_stage("train", scenario, policies=copy.deepcopy(warm.policies))
            wall, cpu = time.perf_counter(), time.process_time()
            rows = _rows(stage)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            seen = {key: statistics.mean(row[key] for row in rows if key in row) for key in SEEN if key in rows[-1]}
            row = {"setting": name, "seed": seed, "before": before, "accuracy": _accuracy(scenario, stage)}
            print(json.dumps({**row, "wall": wall, "cpu": cpu, "cores": cpu / wall, **seen}), flush=True)


def _scenario(settings: list[str]) -> Scenario:
    return load("quickstart", Scenario, settings)[0]


def _rows(stage: Stage) -> list[dict[str, float]]:
    """Take all of a stage's steps; return their metrics."""
    rows = []
    with closing(stage):
        while not stage.done:
            metrics = stage.advance()
            if metrics is not None:
                rows.append(metrics)
    return rows


def _accuracy(scenario: Scenario, stage: Stage) -> float:
    report, _ = held_out(scenario, policy_players(scenario, stage.policies, greedy=True), "")
    return float(report["accuracy"])


if __name__ == "__main__":
    main()
