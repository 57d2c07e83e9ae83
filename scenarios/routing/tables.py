"""How do the numbers of a routing report read? Headings and cells of its tables, for the screen and for Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syllogym.scenarios.analysis.bootstrap import Estimate
from syllogym.scenarios.routing.find import BASELINES, SHARES
from syllogym.scenarios.routing.findings import Findings, Found, Point

Cells = Sequence[str]
MAIN: Cells = ("router", "quality", "$ / 1,000", "AIQ", "at 50%", "at 25%", "over strongest")
PUBLISHED: Cells = (
    "router", "arena", "V_R", "V_B", "E_p", "delta IBC", "PerfGain", "CostSave", "ParetoDist", "APGR",
    "CPT 20%", "CPT 50%", "CPT 80%",
)  # fmt: skip
POINTS: Cells = ("setting", "quality", "$ / 1,000", "calls", "Pareto", "who answers")
CONTESTS: Cells = ("router", "rival", *(f"within {share:.0%}" for share in SHARES))
CALIBRATION: Cells = ("router", "ECE", "Brier", "AUROC", "AURC")


def in_order(findings: Findings) -> list[Found]:
    """Return what is evaluated, and then what it is to beat."""
    return sorted(findings.routers, key=lambda one: one.baseline)


def main_row(findings: Findings, one: Found) -> Cells:
    """Return the line of a router: at the strongest model's cost, and what it keeps of its quality below."""
    quality, cost = at_full(findings, one)
    return (
        one.name,
        f"{band(quality)}{_star(findings, one, 1.0)}",
        dollars(cost),
        f"{one.aiq.value:.3f}",
        *(_kept(findings, one, share) for share in SHARES[1:]),
        "" if one.over_strongest is None else gain(one.over_strongest),
    )


def _kept(findings: Findings, one: Found, share: float) -> str:
    """Write the share of the strongest model's quality that is kept."""
    kept = next((at.kept for at in one.within if at.share == share), None)
    return "" if kept is None else f"{kept.value:.1%}{_star(findings, one, share)}"


def _star(findings: Findings, one: Found, share: float) -> str:
    """Mark what is surely better than the best that single models do for as much."""
    contest = findings.contest(one.name, "best_single", share)
    return "*" if contest is not None and contest.gain.low > 0 else ""


def at_full(findings: Findings, one: Found) -> tuple[Estimate, float]:
    """Return quality and cost where the strongest model's cost may be spent; of what is dearer, the cheapest point."""
    full = next((at for at in one.within if at.share == 1.0), None)
    return (full.quality, full.cost) if full else (one.points[0].quality, one.points[0].cost.value)


def shown(findings: Findings, one: Found) -> Point:
    """Return the dearest point that costs no more than the strongest model, or else the cheapest."""
    limit = findings.strong.cost.value * (1 + 1e-9)
    return next((point for point in reversed(one.points) if point.cost.value <= limit), one.points[0])


def published_row(findings: Findings, one: Found) -> Cells:
    """Return the published numbers: of the point that `shown` returns, and of the whole curve."""
    point, pair = shown(findings, one), one.pair
    recovered: dict[str, float | None] = {} if pair is None else pair.cpt
    return (
        one.name,
        f"{100 * point.arena:.2f}",
        _number(point.v_reference),
        _number(point.v_best),
        f"{point.entropy:.2f}",
        _number(point.delta_ibc, "+.2f"),
        _number(one.perf_gain, "+.1%"),
        _number(one.cost_save, ".1%"),
        f"{one.pareto_dist:.3f}",
        _number(None if pair is None else pair.apgr),
        *(_number(recovered.get(share), ".1%") for share in ("20%", "50%", "80%")),
    )


def point_row(point: Point) -> Cells:
    """Return the line of an operating point."""
    most = sorted(point.shares.items(), key=lambda item: -item[1])
    others = len(most) - 3
    who = ", ".join(f"{model} {share:.0%}" for model, share in most[:3]) + (f", {others} more" if others > 0 else "")
    front = "yes" if point.front else ""
    return (point.name, band(point.quality), dollars(point.cost.value), f"{point.calls:.2f}", front, who)


def contest_rows(findings: Findings) -> Iterator[Cells]:
    """Yield who won by how much at each share of the strongest model's cost."""
    for one in findings.routers:
        for rival in BASELINES if not one.baseline else ():
            found = [findings.contest(one.name, rival, share) for share in SHARES]
            if any(found):
                yield (one.name, rival, *("" if contest is None else gain(contest.gain) for contest in found))


def calibration_rows(findings: Findings) -> Iterator[Cells]:
    """Yield how well each router knows what to expect."""
    for one in in_order(findings):
        if one.calibration is not None:
            it = one.calibration
            yield (one.name, f"{it.ece:.3f}", f"{it.brier:.3f}", _number(it.auroc), f"{it.aurc:.3f}")


def band(found: Estimate) -> str:
    """Write a share with its interval: ``77.0% (68.1-85.2)``."""
    return f"{found.value:.1%} ({100 * found.low:.1f}-{100 * found.high:.1f})"


def gain(found: Estimate) -> str:
    """Write a difference with its interval: ``+5.0% (+3.1 to +6.9)``."""
    return f"{found.value:+.1%} ({100 * found.low:+.1f} to {100 * found.high:+.1f})"


def dollars(cost: float) -> str:
    """Write the cost of 1,000 questions to three digits."""
    amount = 1000 * cost
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}"


def explained(findings: Findings) -> str:
    """Say what the numbers are."""
    units = f"{findings.families} task families" if findings.families else "questions"
    return (
        f"{findings.questions:,} questions of {findings.table}, which no router learnt from; 95 % intervals: paired "
        f"bootstraps over {units}. Strongest model where routers learnt: {findings.strongest}, "
        f"${dollars(findings.strong.cost.value)} for 1,000 questions. Quality is what a router reaches at that cost; "
        "at 50% and at 25%: the share of that model's quality kept for half and for a quarter of its cost, with a star "
        "where best_single, a coin between single models, has surely (95 %) less for what was spent."
    )


def _number(value: float | None, form: str = ".3f") -> str:
    return "" if value is None else format(round(value, 9) + 0.0, form)
