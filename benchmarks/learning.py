"""Do the methods learn? Every method on two tasks, three seeds each, judged on held-out instances.

    python -m benchmarks.learning [--folder runs/learning] [--jobs 2]

Runs that are finished already are not run again, so it can be stopped and continued. Prints one table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TASKS = {
    "addition with a scratchpad": {
        "grpo": "quickstart",
        "ppo": "addition_ppo",
        "reinforce_pp": "addition_reinforce_pp",
    },
    "column addition, multi-turn": {name: f"column_addition_{name}" for name in ("grpo", "ppo", "reinforce_pp")},
}
SEEDS = (0, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("runs/learning"))
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    jobs = [
        (scenario, seed, options.folder / f"{scenario}-{seed}")
        for methods in TASKS.values()
        for scenario in methods.values()
        for seed in SEEDS
    ]
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda job: run(*job), jobs))
    print("| task | method | after warm-up | after RL | seconds of RL |")
    print("|---|---|---|---|---|")
    for task, methods in TASKS.items():
        for method, scenario in methods.items():
            print(row(task, method, [options.folder / f"{scenario}-{seed}" for seed in SEEDS]))


def run(scenario: str, seed: int, folder: Path) -> None:
    if (folder / "model").is_dir():
        return
    command = [sys.executable, "-m", "syllogym", "train", scenario, "--run-dir", str(folder)]
    settings = [f"seed={seed}", "evaluate.every=0", "checkpoint.every=0"]
    done = subprocess.run(command + [part for s in settings for part in ("--set", s)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")


def row(task: str, method: str, folders: list[Path]) -> str:
    before, after, seconds = [], [], []
    for folder in folders:
        rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        checks = {r["label"]: r for r in rows if r["kind"] == "evaluate"}
        before.append(checks["after warm-up"]["accuracy"])
        after.append(checks["after training"]["accuracy"])
        seconds.append(checks["after training"]["seconds"] - checks["after warm-up"]["seconds"])
    shown = [" / ".join(f"{value:.1%}" for value in values) for values in (before, after)]
    return f"| {task} | {method} | {shown[0]} | {shown[1]} | {' / '.join(f'{s:.0f}' for s in seconds)} |"


if __name__ == "__main__":
    main()
