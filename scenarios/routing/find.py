"""How are routers judged? Every published number of each, beside the baselines, from one paired bootstrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError
from syllogym.scenarios.analysis.bootstrap import RESAMPLES, Estimate, interval, resampled
from syllogym.scenarios.analysis.pass_at_k import pass_at_k
from syllogym.scenarios.routing import published
from syllogym.scenarios.routing.calibration import Calibration, calibration
from syllogym.scenarios.routing.comparison import binary, families_of
from syllogym.scenarios.routing.decided import Decided
from syllogym.scenarios.routing.findings import Contest, Findings, Found, Pair, Point, Within
from syllogym.scenarios.routing.frontier import Floats, aiq, aiq_of_each, pareto
from syllogym.scenarios.routing.operating_points import by_cost, choice_shares, within
from syllogym.scenarios.routing.strong_calls import apgr, call_curve, cpt, fall
from syllogym.scenarios.routing.warned import warnings_of

BASELINES = ("random", "cheapest", "best_single", "prompt_length", "tfidf_ridge", "oracle")
"""What stands in every report."""
SHARES = (1.0, 0.5, 0.25)
"""Of the strongest model's cost: the budgets at which routers are compared."""
_GUESS_NOTHING = ("random", "cheapest", "oracle")
"""What they say is not what they expect."""
_RECOVERED = (0.2, 0.5, 0.8)


@dataclass(frozen=True, eq=False)
class _Measured:
    """One column of the bootstrap: what somebody has on each question, on average, and in each draw of questions."""

    quality: float
    cost: float
    drawn_quality: Floats
    drawn_cost: Floats


def find(
    routers: Mapping[str, Sequence[Decided]],
    strongest: str,
    *,
    title: str = "Routing",
    cluster: bool | None = None,
    draws: int = RESAMPLES,
    seed: int = 0,
) -> Findings:
    """Measure routers on the questions of one table.

    Args:
        routers: by name, each in one or more settings; the baselines are among them.
        strongest: the model that was best where routers learnt: chosen there, so that nobody looked at these questions.
        cluster: draw whole task families; None: where there are at least eight of them.
        draws: of the bootstrap. seed: of its chance.

    Raises:
        UserError: a baseline is missing, a router has no setting, or they answered different questions.
    """
    table = _shared_table(routers)
    points = {name: by_cost(own) for name, own in routers.items()}
    singles = [Routed.one_each(model, table, np.full(len(table), m)) for m, model in enumerate(table.models)]
    budget = float(singles[table.column(strongest)].cost.mean())
    at, duels = _within(points, budget)
    every: list[Decided] = [*singles, *(point for own in points.values() for point in own)]
    columns = [(point.quality, point.cost) for point in every] + [*at.values(), *duels.values()]
    families = families_of(table, cluster)
    measured = _bootstrap(columns, families, draws, seed)
    of_point = dict(zip(map(id, every), measured, strict=False))
    of_budget = dict(zip(at, measured[len(every) :], strict=False))
    of_rival = dict(zip(duels, measured[len(every) + len(at) :], strict=True))
    reference = _Reference(table, strongest, singles, every)
    alone = of_point[id(singles[table.column(strongest)])]
    found = [
        _found(name, points[name], of_point, {s: of_budget[n, s] for n, s in at if n == name}, reference, alone)
        for name in (*BASELINES, *(name for name in points if name not in BASELINES))
    ]
    whole = Findings(
        title,
        table.name,
        len(table),
        0 if families is None else len(set(families)),
        strongest,
        reference.budgets,
        [_point(single, of_point, reference) for single in singles],
        found,
        [Contest(name, rival, s, _gain(of_budget[name, s], theirs)) for (name, rival, s), theirs in of_rival.items()],
        _any_of_k(table),
        [],
    )
    whole.warnings.extend(warnings_of(whole))
    return whole


_Reached = tuple[Floats, Floats]
"""Quality and cost of each question."""


def _within(
    points: Mapping[str, Sequence[Decided]], budget: float
) -> tuple[dict[tuple[str, float], _Reached], dict[tuple[str, str, float], _Reached]]:
    """Return what routers reach within each share of a budget, and what baselines do for what a router then spent."""
    at = {
        (name, share): reached
        for name, own in points.items()
        for share in SHARES
        if (reached := within(own, share * budget)) is not None
    }
    duels = {
        (name, rival, share): reached
        for (name, share), (_, spent) in at.items()
        for rival in BASELINES
        if name not in BASELINES and (reached := within(points[rival], float(spent.mean()))) is not None
    }
    return at, duels


class _Reference:
    """What all points of a report are measured against."""

    def __init__(
        self, table: RoutingTable, strongest: str, singles: Sequence[Decided], every: Sequence[Decided]
    ) -> None:
        costs = np.array([point.cost.mean() for point in every])
        qualities = np.array([point.quality.mean() for point in every])
        front = pareto(costs, qualities)
        alone = list(zip(qualities.tolist(), costs.tolist(), strict=True))[: len(singles)]
        self.table, self.strongest, self.costs, self.qualities = table, strongest, costs, qualities
        self.front = dict(zip(map(id, every), front.tolist(), strict=True))
        self.strong = alone[table.column(strongest)]
        self.small = min(alone, key=lambda point: point[1])
        self.best = max(quality for quality, _ in alone)
        self.budgets = (float(costs.min()), float(costs.max()))


def _shared_table(routers: Mapping[str, Sequence[Decided]]) -> RoutingTable:
    missing = [name for name in BASELINES if not routers.get(name)]
    if missing:
        raise UserError(f"A report on routers has the baselines {', '.join(BASELINES)} in it; {missing[0]} is missing.")
    first = routers[BASELINES[0]][0].table
    for name, points in routers.items():
        if not points:
            raise UserError(f"{name} has no operating point.")
        if any(p.table is not first and p.table.questions != first.questions for p in points):
            raise UserError(f"{name} answered other questions than the baselines; nothing can be paired.")
    return first


def _bootstrap(
    columns: Sequence[tuple[Floats, Floats]], families: Sequence[str] | None, draws: int, seed: int
) -> list[_Measured]:
    values = np.column_stack([*(quality for quality, _ in columns), *(cost for _, cost in columns)])
    drawn, means = resampled(values, np.random.default_rng(seed), families, draws), values.mean(0)
    k = len(columns)
    return [_Measured(float(means[i]), float(means[k + i]), drawn[:, i], drawn[:, k + i]) for i in range(k)]


def _found(
    name: str,
    points: Sequence[Decided],
    of_point: Mapping[int, _Measured],
    at: Mapping[float, _Measured],
    reference: _Reference,
    strongest: _Measured,
) -> Found:
    own = [of_point[id(point)] for point in points]
    costs, qualities = [one.cost for one in own], [one.quality for one in own]
    strong = reference.strong
    return Found(
        name,
        name in BASELINES,
        [_point(point, of_point, reference) for point in points],
        [
            Within(share, _quality(one), one.cost, interval(one.quality / strong[0], one.drawn_quality / strong[0]))
            if strong[0]
            else Within(share, _quality(one), one.cost, None)
            for share, one in at.items()
        ],
        _gain(at[1.0], strongest) if 1.0 in at else None,
        _aiq(own, reference.budgets),
        fall(costs, qualities),
        published.perf_gain(qualities, strong[0]),
        published.cost_save(costs, qualities, strong),
        published.pareto_dist(costs, qualities, reference.costs, reference.qualities),
        _pair(points[0], reference),
        _calibration(name, points[0]),
    )


def _calibration(name: str, point: Decided) -> Calibration | None:
    if point.scores is None or name in _GUESS_NOTHING:
        return None
    return calibration(np.clip(point.scores, 0, 1), point.table.quality)


def _point(point: Decided, of_point: Mapping[int, _Measured], reference: _Reference) -> Point:
    one, shares = of_point[id(point)], choice_shares(point)
    return Point(
        point.name,
        _quality(one),
        interval(one.cost, one.drawn_cost),
        float(point.asked.sum(1).mean()),
        published.arena_score(one.quality, 1000 * one.cost),
        published.relative(one.quality, reference.strong[0]),
        published.relative(one.quality, reference.best),
        published.entropy(shares / shares.sum()) if shares.any() else 0.0,
        published.delta_ibc((one.quality, one.cost), reference.small, reference.strong),
        {model: float(share) for model, share in zip(point.table.models, shares, strict=True) if share},
        reference.front[id(point)],
    )


def _quality(one: _Measured) -> Estimate:
    return interval(one.quality, one.drawn_quality)


def _gain(mine: _Measured, theirs: _Measured) -> Estimate:
    return interval(mine.quality - theirs.quality, mine.drawn_quality - theirs.drawn_quality)


def _aiq(own: Sequence[_Measured], budgets: tuple[float, float]) -> Estimate:
    value = aiq([one.cost for one in own], [one.quality for one in own], *budgets)
    costs = np.column_stack([one.drawn_cost for one in own])
    return interval(value, aiq_of_each(costs, np.column_stack([one.drawn_quality for one in own]), *budgets))


def _pair(point: Decided, reference: _Reference) -> Pair | None:
    """Return RouteLLM's numbers from the exact curve of a router that says what it expects of two models."""
    if len(reference.table.cards) != 2 or point.scores is None:
        return None
    qualities = reference.table.quality
    strong = reference.table.column(reference.strongest)
    calls, reached = call_curve(
        point.scores[:, strong] - point.scores[:, 1 - strong], qualities[:, 1 - strong], qualities[:, strong]
    )
    ends = float(reached[0]), float(reached[-1])
    if ends[0] == ends[1]:
        return None
    return Pair(apgr(calls, reached, *ends), {f"{p:.0%}": cpt(calls, reached, *ends, p) for p in _RECOVERED})


def _any_of_k(table: RoutingTable) -> list[float]:
    if not binary(table.quality):
        return []
    models = len(table.cards)
    right, questions = np.unique(table.quality.sum(1).astype(int), return_counts=True)
    estimates = pass_at_k(np.full(len(right), models), right, range(1, models + 1))
    return [float(share) for share in questions @ estimates / len(table)]
