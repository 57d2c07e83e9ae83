"""How long do a hull of 10,000 points and a report on 14,042 questions take? Seconds of CPU time, on one thread.

The report has the six baselines and two policies, each at up to 20 prices, on two models; intervals are 2,000 paired
bootstraps, once over questions and once over 57 families. Decisions are made beforehand; all else counts: numbers,
tables, pictures, and the page. The hull is timed where every point is a corner, which takes it longest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.measure import Row, race
from syllogym.agents.routing.choose import curve
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import RoutingTable
from syllogym.scenarios.routing.comparison import compare
from syllogym.scenarios.routing.find import BASELINES
from syllogym.scenarios.routing.frontier import hull
from syllogym.scenarios.routing.report import Report

QUESTIONS, FAMILIES, POINTS = 14_042, 57, 20


def rows() -> list[Row]:
    routers = made()
    x = np.linspace(0, 1, 10_000)
    cases: list[tuple[str, float, Callable[[], object]]] = [
        ("hull of 10,000 points, all of them corners", 0.02, lambda: hull(x, np.sqrt(x))),
        ("compare two policies on 14,042 questions", 3.0, lambda: compare(*_two(routers), cluster=False, draws=2000)),
        ("report on 14,042 questions, bootstrap over questions", 3.0, lambda: written(routers, False)),
        ("report on 14,042 questions, bootstrap over families", 3.0, lambda: written(routers, True)),
    ]
    return [_timed(what, goal, act) for what, goal, act in cases]


def made() -> dict[str, list[Routed]]:
    """Every baseline and two policies, by what they expect of a weak and of a strong model."""
    rng = np.random.default_rng(0)
    quality = (rng.random((QUESTIONS, 2)) < [0.68, 0.81]).astype(float)
    cost = rng.uniform(0.5, 1.5, (QUESTIONS, 2)) * [0.0003, 0.008]
    family = rng.integers(FAMILIES, size=QUESTIONS)
    texts = tuple(f"question {number} of {'words ' * 30}" for number in range(QUESTIONS))
    cards = (ModelCard("weak"), ModelCard("strong"))
    table = RoutingTable("made", cards, texts, quality, cost, tuple(f"family {number}" for number in family))
    names = [*BASELINES, "first", "second"]
    return {
        name: curve(name, table, share * quality + (1 - share) * rng.random(quality.shape), cost.mean(0), prices)
        for name, share in zip(names, np.linspace(0, 0.7, len(names)), strict=True)
        for prices in [np.geomspace(0.1, 1000, 1 if name in ("random", "cheapest") else POINTS)]
    }


def written(routers: dict[str, list[Routed]], cluster: bool) -> None:
    report = Report.of(routers, "strong", cluster=cluster)
    for content in (report.to_markdown(), report.to_json(), report.to_html(), report.to_png()):
        assert content


def _two(routers: dict[str, list[Routed]]) -> tuple[Routed, Routed]:
    return routers["first"][0], routers["second"][0]


def _timed(what: str, goal: float, act: Callable[[], object]) -> Row:
    def once() -> int:
        act()
        return 1

    row = race(Row(what, "s", goal=goal), once, rounds=3)
    return Row(what, "s", ours=[1 / rate for rate in row.ours], goal=goal)
