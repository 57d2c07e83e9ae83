"""Do the methods learn? Every method on two tasks, three seeds each, judged on held-out instances.

    python -m benchmarks.learning [--folder runs/learning] [--jobs 2] [--steps 40] [METHOD ...]

For each task and seed the warm-up is run once, by the first method; the others begin with the policy that it ended
with. Runs that are finished already are not run again, so it can be stopped and continued. Prints one table (held-out
accuracy after RL, seconds of RL, sampled tokens, and by how much training accuracy, a mean of five rollouts, ever fell
below its best) and draws the learning curves (`learning.png` in the folder).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import statistics
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

from syllogym.algorithms import get, names
from syllogym.algorithms.core.base import Algorithm
from syllogym.errors import UserError
from syllogym.scenarios.train import train

TASKS = {"addition": "quickstart", "columns": "column_addition_grpo"}
FIRST = "grpo"
SEEDS = (0, 1, 2)
REFILLS = 2
"""Rounds in which groups that teach nothing are played anew: near the end nearly all are solved by every reply."""
FEWER = {"trpo": 10}
"""Rollouts of methods that take few and long steps: each of TRPO's runs the model two dozen times more."""
LENGTH = {"addition": 48, "columns": 4}
"""Tokens a reply may have, for the method whose loss is measured against it."""


def methods() -> list[str]:
    """Return every method that trains a language model on its own replies, the first one first."""
    policies = [name for name in names() if issubclass(get(name), Algorithm)]
    return [FIRST, *(name for name in policies if name != FIRST)]


def settings(method: str, task: str, seed: int, folder: Path, steps: int) -> list[str]:
    """Return what a run sets beyond its scenario."""
    options: dict[str, Any] = {"name": method}
    if method == "dr_grpo":
        options["length"] = LENGTH[task]
    chosen = [f"algorithm={json.dumps(options)}", f"train.steps={FEWER.get(method, steps)}", f"seed={seed}"]
    if method != FIRST:
        warm = folder / f"{task}-{FIRST}-{seed}" / "base"
        chosen += ["warmup=null", f"policy={json.dumps({'model': str(warm), 'tiny': None})}"]
    if get(method).needs_teacher:
        chosen.append(f"teacher={json.dumps({'model': str(folder / f'{task}-{FIRST}-{seed}' / 'model')})}")
    return [*chosen, "checkpoint.every=0", "evaluate.every=0", f"train.refills={REFILLS}"]


def run(method: str, task: str, seed: int, folder: Path, steps: int) -> None:
    """Train once, if it has not been done."""
    place = folder / f"{task}-{method}-{seed}"
    if (place / "model").is_dir():
        return
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            train(TASKS[task], settings(method, task, seed, folder, steps), place)
    except UserError as error:
        print(f"{place.name}: {error}", file=sys.stderr)


def rows_of(run_folder: Path) -> list[dict[str, Any]]:
    """Return the metrics of a run."""
    return [json.loads(line) for line in (run_folder / "metrics.jsonl").read_text().splitlines()]


def result(run_folder: Path) -> dict[str, float]:
    """Return what a finished run came to: held-out accuracy before and after, cost, and how steadily it rose."""
    rows = rows_of(run_folder)
    checks = [row for row in rows if row["kind"] == "evaluate"]
    steps = [row for row in rows if row["kind"] == "train"]
    smooth = [statistics.mean(r["accuracy"] for r in steps[at : at + 5]) for at in range(max(1, len(steps) - 4))]
    best, fall = 0.0, 0.0
    for value in smooth:
        best = max(best, value)
        fall = max(fall, best - value)
    return {
        "before": checks[-2]["accuracy"],
        "after": checks[-1]["accuracy"],
        "seconds": checks[-1]["seconds"] - checks[-2]["seconds"],
        "tokens": sum(row["tokens"] for row in steps),
        "fall": fall,
    }


def cells(results: Sequence[Mapping[str, float]]) -> str:
    """Write a task's part of a row: three seeds in a cell."""
    if not results:
        return "failed | | | "
    accuracy, fall = (" / ".join(f"{100 * r[key]:.1f}" for r in results) for key in ("after", "fall"))
    seconds = statistics.median(r["seconds"] for r in results)
    tokens = statistics.mean(r["tokens"] for r in results)
    return f"{accuracy} | {seconds:.0f} | {tokens / 1e3:,.0f} | {fall} "


def draw(folder: Path, chosen: Sequence[str]) -> None:
    """Draw training accuracy over steps, the mean of the seeds, a panel for each task."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(TASKS), figsize=(12, 5), sharey=True, layout="constrained")
    colours = pyplot.get_cmap("tab20")
    for panel, task in zip(panels, TASKS, strict=True):
        for number, method in enumerate(chosen):
            runs = [folder / f"{task}-{method}-{seed}" for seed in SEEDS]
            done = [rows_of(place) for place in runs if place.is_dir()]
            curves = [[row["accuracy"] for row in rows if row["kind"] == "train"] for rows in done]
            if curves:
                mean = [statistics.mean(values) for values in zip(*curves, strict=False)]
                style = {"linestyle": "-" if number < 20 else "--", "color": colours(number % 20), "linewidth": 1.3}
                panel.plot(range(1, len(mean) + 1), mean, label=method, **style)
        panel.set(title=task, xlabel="rollouts learnt from", ylim=(0, 1))
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("accuracy while training (sampled)")
    panels[-1].legend(fontsize=8, ncols=2, loc="lower right")
    figure.savefig(folder / "learning.png", dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("methods", nargs="*", metavar="METHOD")
    parser.add_argument("--folder", type=Path, default=Path("runs/learning"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=40)
    options = parser.parse_args()
    chosen = options.methods or methods()
    for group in ([FIRST], [method for method in chosen if method != FIRST]):
        jobs = [(method, task, seed) for method in group for task in TASKS for seed in SEEDS]
        with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
            list(pool.map(run, *zip(*jobs, strict=True), repeat(options.folder), repeat(options.steps)))
    columns = "accuracy, % | s | k tokens | fall, points |"
    print("| method |" + "".join(f" {task}: {columns}" for task in TASKS))
    print("| --- |" + " ---: |" * 4 * len(TASKS))
    for method in chosen:
        found = []
        for task in TASKS:
            places = [options.folder / f"{task}-{method}-{seed}" for seed in SEEDS]
            found.append(cells([result(place) for place in places if (place / "model").is_dir()]))
        print(f"| {method} | {'| '.join(found)}|")
    draw(options.folder, chosen)


if __name__ == "__main__":
    main()
