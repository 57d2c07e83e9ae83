"""What do cascades save, on tables of what real models got right, with judges of several kinds?

python -m benchmarks.cascades [FOLDER]    the folder holds routing_routerbench/, ...; default: $SYLLOGYM_SHARED/data

Cascades are searched on one half of a table and run on the other. A judge is simulated with known errors, or learnt
from questions and replies (RouterBench and RouteLLM's GSM8K keep them), or sees the question only, which is a router.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.routers import router_bench
from syllogym.agents.routing import cascade_search, scorers
from syllogym.agents.routing.automix import AutoMix
from syllogym.agents.routing.held_out import crossed, expected
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.scenarios.analysis.bootstrap import interval, resampled
from syllogym.scenarios.routing.published import delta_ibc

_STRONG_COST, _WEAK_COST = 50.0, 1.0
"""AutoMix's prices of its two models; a verification costs as much as the weak one."""


def frugal(table: RoutingTable) -> None:
    """Search cascades of at most three models for shares of the strongest model's cost."""
    train, test = table.split()
    strongest = int(train.quality.mean(axis=0).argmax())
    budget, best = float(train.cost[:, strongest].mean()), test.quality[:, strongest]
    print(f"\n## {table.name}: searched on {len(train)}, run on {len(test)} questions")
    print(f"{table.models[strongest]}: {best.mean():.3f} at ${1000 * test.cost[:, strongest].mean():.3f} per 1,000")
    for judge, (seen, judged) in _judges(train, test).items():
        planned = cascade_search.frontier(train, seen)
        for share in (1.0, 0.5, 0.25, 0.1):
            found = cascade_search.within(planned, share * budget)
            done = found.cascade.run(test, judged)
            print(f"{judge:18} {share:4.0%} {_line(done, best)}  {' > '.join(found.cascade.models)}")


def _judges(train: RoutingTable, test: RoutingTable) -> Mapping[str, tuple[Array, Array]]:
    scorer = scorers.ReplyScorer(train)
    simulated = {
        f"errs in {error:.0%}": tuple(
            scorers.simulated(part, right=1 - error, wrong=error, samples=1, seed=at)
            for at, part in enumerate((train, test))
        )
        for error in (0.0, 0.1, 0.2)
    }
    learnt = {
        "reads replies": (_crossed_scores(train), scorer(test)),
        "reads questions": (crossed(train, {"mlp": "mlp"}).quality["mlp"], expected("mlp", train, test)),
    }
    return {**learnt, **simulated}  # type: ignore[dict-item]


def _crossed_scores(train: RoutingTable) -> Array:
    """Score replies of each half by a scorer that learnt from the other: on its own half it would be too sure."""
    scores = np.empty(train.quality.shape)
    half = np.arange(len(train)) % 2 == 0
    for part in (half, ~half):
        scores[part] = scorers.ReplyScorer(train.rows(~part))(train.rows(part))
    return scores


def _line(done: Routed, best: Array) -> str:
    better = done.quality - best
    gain = interval(float(better.mean()), resampled(better[:, None], np.random.default_rng(0))[:, 0])
    return (
        f"{done.quality.mean():.4f} at ${1000 * done.cost.mean():.3f}, "
        f"{100 * gain.value:+.1f} [{100 * gain.low:+.1f}, {100 * gain.high:+.1f}]"
    )


def mixed(table: RoutingTable) -> None:
    """Print the benefit per cost of AutoMix over the weak model, above that of the strong one."""
    weak, strong = map(int, np.argsort(table.quality.mean(axis=0)))
    costs = np.where(np.arange(2) == weak, _WEAK_COST, _STRONG_COST)
    priced = RoutingTable(
        table.name, table.cards, table.questions, table.quality, np.tile(costs, (len(table), 1)), table.families
    )
    train, test = priced.split()
    print(f"\n## AutoMix on {table.name}: {table.models[weak]} at 1, {table.models[strong]} at 50, a verification 1")
    small, large = ((float(test.quality[:, at].mean()), float(costs[at])) for at in (weak, strong))
    for right, wrong in ((0.9, 0.1), (0.8, 0.3), (0.7, 0.5)):
        seen, judged = (
            scorers.simulated(part, right=right, wrong=wrong, samples=8, seed=at)[:, weak]
            for at, part in enumerate((train, test))
        )
        one = AutoMix(table.models[weak], table.models[strong])
        one.fit(train, seen)
        points = [(float(done.quality.mean()), float(done.cost.mean())) for done in one.curve(test, judged, _WEAK_COST)]
        gains = [gain for point in points[1:] if (gain := delta_ibc(point, small, large)) is not None]
        told = " ".join(f"{quality:.3f}@{cost:.1f}" for quality, cost in points)
        print(f"right {right}, wrong {wrong}: mean delta IBC {np.mean(gains):+.2f}, best {max(gains):+.2f}; {told}")


def main() -> None:
    """Print everything."""
    data = Path(sys.argv[1] if sys.argv[1:] else Path(os.environ["SYLLOGYM_SHARED"]) / "data")
    frugal(router_bench(data))
    gsm = {"name": "routellm_gsm8k", "path": str(data / "routing_routellm/gsm8k_responses.csv.gz")}
    mixed(load_table({**gsm, "labels": {"True": 1, "False": 0}}))


if __name__ == "__main__":
    main()
