"""Does a tree of thoughts solve more than a line of thought at equal tokens, in models made from nothing?

    python -m benchmarks.totrl [--folder runs/totrl] [--seeds 0 1 2] [--episodes 256] [SETTING ...]

Trains both arms from each seed by `totrl_tiny` and `totrl_tiny_linear`, as far as that has not been done, and asks them
the same held-out puzzles, sampled as in training. The tree has one reply. The line has as many as take at least the
tokens of the tree's, and three ways to make one answer of them: the most frequent; every choice in any of them that
adds up, which anybody can check; and any that is wholly right, which takes a judge who knows. Prints a row of a table
for each seed, and last the tree's lead over each, with a 95 % bootstrap over puzzles, paired, the seeds side by side.
"""

from __future__ import annotations

import argparse
import contextlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning import rows_of
from syllogym.agents.episode import Episode
from syllogym.envs import make_plain
from syllogym.envs.tree.puzzle import answer_of
from syllogym.scenarios.build import make_rollouts, make_tasks
from syllogym.scenarios.evaluate import players_of, read_target, wilson
from syllogym.scenarios.train import train

ARMS = {"tree": "totrl_tiny", "line": "totrl_tiny_linear"}
Sets = list[frozenset[str]]
"""What each of a puzzle's replies answers."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("settings", nargs="*", metavar="SETTING", help="of both arms, such as environment.graded=true")
    parser.add_argument("--folder", type=Path, default=Path("runs/totrl"))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--episodes", type=int, default=256)
    options = parser.parse_args()
    print("| seed | arm | warm-up | GRPO | sampled | tokens | replies | majority | united | any |")
    print("| --- | --- |" + " ---: |" * 8)
    leads: dict[str, list[NDArray[np.float64]]] = {}
    for seed in options.seeds:
        given = [f"seed={seed}", *options.settings]
        runs = {arm: trained(scenario, given, options.folder / f"{arm}-{seed}") for arm, scenario in ARMS.items()}
        tree = replies(runs["tree"], 1, options.episodes)
        length = tokens(replies(runs["line"], 1, options.episodes))
        count = ceil(tokens(tree) / length)
        one = tell(seed, "tree", runs["tree"], tree)
        for how, solved in tell(seed, "line", runs["line"], replies(runs["line"], count, options.episodes)).items():
            leads.setdefault(how, []).append(one["sampled"] - solved)
    for how, lead in leads.items():
        mean, low, high = bootstrap(np.mean(lead, axis=0))
        print(f"lead of the tree, sampled, over the line, {how}: {mean:+.1%} ({low:+.1%} to {high:+.1%})")


def trained(scenario: str, settings: Sequence[str], run: Path) -> Path:
    """Train, unless it has been done; return the run."""
    if not (run / "model").is_dir():
        with contextlib.redirect_stdout(io.StringIO()):
            train(scenario, settings, run)
    return run


def replies(run: Path, number: int, puzzles: int) -> list[list[Episode]]:
    """Return `number` sampled replies to each held-out puzzle."""
    scenario, _ = read_target(str(run), ["evaluate.temperature=1"])
    with closing(scenario.engine):
        rollouts = make_rollouts(scenario, players_of(scenario, None, run), "benchmark")
        episodes = rollouts.run(make_tasks(scenario, "eval", range(puzzles), range(number)))
    return [[one for one in episodes if one.group == puzzle] for puzzle in range(puzzles)]


def tokens(puzzles: Iterable[Sequence[Episode]]) -> float:
    """Return the mean tokens of all replies to a puzzle."""
    spent = [sum(len(step.token_ids) for episode in group for step in episode.steps) for group in puzzles]
    return sum(spent) / len(spent)


def tell(seed: int, arm: str, run: Path, puzzles: Sequence[Sequence[Episode]]) -> dict[str, NDArray[np.float64]]:
    """Print a row; return which puzzles each way of answering solves, as ones and zeros."""
    told = [answers(group) for group in puzzles]
    wanted = [task_of(group[0]).wanted for group in puzzles]
    ways = {
        "sampled": np.array([np.mean([one == want for one in sets]) for sets, want in zip(told, wanted, strict=True)]),
        "majority": solved(map(majority, told), wanted),
        "united": solved((frozenset().union(*sets) & want for sets, want in zip(told, wanted, strict=True)), wanted),
        "any": np.array([float(want in sets) for sets, want in zip(told, wanted, strict=True)]),
    }
    before, after = (row["accuracy"] for row in rows_of(run) if str(row.get("label")).startswith("after"))
    cells = [share(ways["sampled"]), f"{tokens(puzzles):.0f}", str(len(puzzles[0]))]
    cells += [share(ways[how]) for how in ("majority", "united", "any")]
    print(f"| {seed} | {arm} | {before:.1%} | {after:.1%} | {' | '.join(cells)} |", flush=True)
    return ways


def answers(group: Sequence[Episode]) -> Sets:
    """Return the set of choices that each reply answers; an empty one where it answers nothing."""
    task = task_of(group[0])
    found = (answer_of(episode.steps[-1].reply) for episode in group)
    return [frozenset(task.read(answer or "")) for answer in found]


def task_of(episode: Episode) -> Any:
    """Return the puzzle of an episode."""
    env = make_plain(episode.env, split=episode.split, **episode.options)
    env.reset(seed=episode.seed)
    return env.search_task()  # type: ignore[attr-defined]


def majority(sets: Sets) -> frozenset[str]:
    """Return the most frequent answer, the first of equals; none has no vote."""
    votes = Counter(one for one in sets if one)
    return votes.most_common(1)[0][0] if votes else frozenset()


def solved(given: Iterable[frozenset[str]], wanted: Iterable[frozenset[str]]) -> NDArray[np.float64]:
    return np.array([float(one == want) for one, want in zip(given, wanted, strict=True)])


def share(values: NDArray[np.float64]) -> str:
    """Write a share with its 95 % interval (Wilson)."""
    low, high = wilson(round(values.sum()), len(values))
    return f"{values.mean():.1%} ({100 * low:.0f}-{100 * high:.0f})"


def bootstrap(values: NDArray[np.float64], draws: int = 2_000) -> tuple[float, float, float]:
    """Return the mean and its 95 % interval, by drawing as many values again."""
    chosen = np.random.default_rng(0).integers(len(values), size=(draws, len(values)))
    low, high = np.percentile(values[chosen].mean(axis=1), (2.5, 97.5))
    return float(values.mean()), float(low), float(high)


if __name__ == "__main__":
    main()
