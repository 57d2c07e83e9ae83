"""Do trained routers beat what they have to beat, at equal cost, on tables of what real models got right?

python -m benchmarks.routers [FOLDER]    the folder holds routing_routerbench/, ...; default: $SYLLOGYM_SHARED/data

Every router is fitted to all folds of a table but one and judged on that, in turn (crossed by question): all rows
count, and none is learnt from by who answers it. A router's decisions over prices of money make a curve; at a budget,
here shares of what the strongest model costs, the two nearest points are mixed by a coin. Differences are paired on the
questions, with 95 % intervals over 2,000 draws of questions, and of whole families.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from syllogym.agents.routing import make
from syllogym.agents.routing.choose import at_price
from syllogym.agents.routing.choose import within as choose_within
from syllogym.agents.routing.held_out import BASELINES, Specs, compare, crossed
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.scenarios.analysis.bootstrap import interval, resampled
from syllogym.scenarios.routing.operating_points import by_cost, within
from syllogym.scenarios.routing.strong_calls import apgr, call_curve

TRAINED: Specs = {
    name: name for name in ("by_family", "matrix_factorisation", "mlp", "value_bandit", "policy_bandit", "ensemble")
}
RIVALS = ("prompt_length", "knn", "best_single")
_GRID = [share / 20 for share in range(1, 21)]
"""Shares of the strongest model's cost over which `mean` is taken."""
_FOLDS = {"RouterBench": 5, "ZeroEval": 2, "LLMRouter": 2}
"""The larger tables are learnt from by halves, which takes less time."""
_CONSTANT = ("cheapest", "best_single")
_ZERO_EVAL = ("gsm", "math-l5", "crux", "zebra-grid", "mmlu-redux")
_ROUTER_BENCH = ("arc_challenge", "mbpp", "winograde")


def tables(data: Path) -> dict[str, RoutingTable]:
    """Load the tables with more than two models."""
    scores = [str(data / f"routing_llmrouter/scores_{part}") for part in ("train.json.gz", "test.json")]
    prices = str(data / "routing_llmrouter/default_llm.json")
    return {
        "RouterBench": router_bench(data),
        "ZeroEval": joined("ZeroEval", [_zero_eval(data, task) for task in _ZERO_EVAL]),
        "LLMRouter": load_table({"name": "llmrouter", "path": scores, "prices": prices}),
    }


def router_bench(data: Path) -> RoutingTable:
    """Load RouterBench: ARC, MBPP and Winogrande, both published parts of each."""
    parts = [f"{task}_{part}" for task in _ROUTER_BENCH for part in ("train", "test")]
    paths = [str(data / f"routing_routerbench/routerbench_{part}.csv.gz") for part in parts]
    return load_table({"name": "routerbench", "path": paths})


def _zero_eval(data: Path, task: str) -> RoutingTable:
    missing = "drop_models" if task == "math-l5" else "wrong"
    path = str(data / f"routing_zeroeval/{task}_correctness.jsonl.gz")
    prices = str(data / "routing_prices/tokencost_model_prices.json.gz")
    return load_table({"name": "zeroeval", "path": path, "prices": prices, "unpriced": "drop", "missing": missing})


def joined(name: str, parts: Sequence[RoutingTable]) -> RoutingTable:
    """Put tables under one another, with the models that are in all of them."""
    models = [model for model in parts[0].models if all(model in part.models for part in parts)]
    same = [part.only(models) for part in parts]
    return RoutingTable(
        name,
        same[0].cards,
        tuple(question for part in same for question in part.questions),
        np.concatenate([part.quality for part in same]),
        np.concatenate([part.cost for part in same]),
        tuple(family for part in same for family in part.families),
    )


def show(table: RoutingTable, found: Mapping[str, Sequence[Routed]]) -> None:
    """Print a line for each router and budget: its quality, and the gain over each rival for the same money."""
    strongest = int(table.quality.mean(axis=0).argmax())
    budget, best = float(table.cost[:, strongest].mean()), float(table.quality[:, strongest].mean())
    print(f"\n## {table.name}: {len(table)} questions, {len(table.cards)} models, {len(set(table.families))} families")
    print(f"strongest: {table.models[strongest]}, {best:.3f} at ${1000 * budget:.3f} per 1,000 questions")
    curves = {name: by_cost(points) for name, points in found.items()}
    for share in (1.0, 0.5, 0.25, None):
        shares = _GRID if share is None else [share]
        at = {name: _at(curve, budget * np.array(shares)) for name, curve in curves.items()}
        for name, (quality, cost) in at.items():
            rivals = RIVALS if name in TRAINED or name == "tfidf_ridge" else ()
            gains = [f"{rival} {_gain(quality - at[rival][0], table.families)}" for rival in rivals]
            kept = f"{quality.mean():.4f} kept {quality.mean() / best:6.1%} ${1000 * cost.mean():.4f}"
            print(" | ".join([f"{'mean' if share is None else f'{share:4.0%}'} {name:22} {kept}", *gains]))


def _at(curve: Sequence[Routed], budgets: Array) -> tuple[Array, Array]:
    """Return quality and cost of each question, (N,), on average over budgets; below its cheapest point it has that."""
    points = [within(curve, float(budget)) or (curve[0].quality, curve[0].cost) for budget in budgets]
    return np.mean([quality for quality, _ in points], axis=0), np.mean([cost for _, cost in points], axis=0)


def _gain(better: Array, families: Sequence[str]) -> str:
    value = float(better.mean())
    rows = interval(value, resampled(better[:, None], np.random.default_rng(0))[:, 0])
    whole = interval(value, resampled(better[:, None], np.random.default_rng(0), families)[:, 0])
    low, high, wide_low, wide_high = (100 * end for one in (rows, whole) for end in (one.low, one.high))
    clear = "*" if low > 0 else ""
    return f"{100 * value:+.1f} [{low:+.1f}, {high:+.1f}] ({wide_low:+.1f}, {wide_high:+.1f}){clear}"


def pairs(data: Path) -> None:
    """Print the APGR of routers on RouteLLM's two tables, with intervals over questions."""
    gsm = {"name": "routellm_gsm8k", "path": str(data / "routing_routellm/gsm8k_responses.csv.gz")}
    mmlu = {"name": "routellm_mmlu", "path": str(data / "routing_routellm/mmlu_two_models.jsonl.gz")}
    for spec in ({**gsm, "labels": {"True": 1, "False": 0}}, mmlu):
        table = load_table(spec)
        weak, strong = map(int, np.argsort(table.quality.mean(axis=0)))
        low, high = table.quality[:, weak], table.quality[:, strong]
        print(f"\n## {table.name}: {len(table)} questions; weak {low.mean():.4f}, strong {high.mean():.4f}")
        routers = {name: spec for name, spec in {**BASELINES, **TRAINED}.items() if name not in _CONSTANT}
        for name, quality in crossed(table, routers).quality.items():
            gain = quality[:, strong] - quality[:, weak]
            value = _apgr(gain, low, high)
            draws = np.random.default_rng(0).integers(len(table), size=(300, len(table)))
            band = interval(value, np.array([_apgr(gain[rows], low[rows], high[rows]) for rows in draws]))
            print(f"{name:22} APGR {value:.3f} [{band.low:.3f}, {band.high:.3f}]")


def _apgr(gain: Array, low: Array, high: Array) -> float:
    return apgr(*call_curve(gain, low, high), float(low.mean()), float(high.mean()))


def speed(table: RoutingTable) -> None:
    """Print how fast a million table decisions are, and what 10,000 questions take."""
    quality, cost = np.random.default_rng(0).random((1_000_000, 11)), np.linspace(1, 2, 11)
    print("\n## Speed (CPU time; 11 models)")
    ways = (("at a price", at_price, 1_000_000, 0.1), ("within a budget", choose_within, 100_000, 1.4))
    for name, decide, rows, limit in ways:
        began = time.process_time()
        decide(quality[:rows], cost, limit)
        print(f"{name:22} {rows / 1e6 / (time.process_time() - began):.2f} million decisions a second")
    train, test = table.split()
    questions = [test.questions[at % len(test)] + f" ({at})" for at in range(10_000)]
    for name in (*BASELINES, *TRAINED):
        if name != "oracle":
            router = make(name)
            began = time.process_time()
            router.fit(train)
            fitted = time.process_time()
            router.expect(questions)
            told = time.process_time() - fitted
            print(f"{name:22} fitted to {len(train)} in {fitted - began:.2f} s, 10,000 questions in {told:.2f} s")


def main() -> None:
    """Print everything."""
    data = Path(sys.argv[1] if sys.argv[1:] else Path(os.environ["SYLLOGYM_SHARED"]) / "data")
    speed(router_bench(data))
    pairs(data)
    for name, table in tables(data).items():
        began = time.process_time()
        found = compare(table, {**BASELINES, **TRAINED}, folds=_FOLDS[name], costs="words")
        show(table, found)
        print(f"({time.process_time() - began:.0f} s of CPU)")


if __name__ == "__main__":
    main()
