"""What must a reader of a routing report not overlook? Curves that fall, and routers that do not beat one model."""

from __future__ import annotations

from collections.abc import Iterator

from syllogym.scenarios.analysis.bootstrap import Estimate
from syllogym.scenarios.routing.findings import Findings, Found

_SEEN = 0.0005
"""A fall of quality that the digits of a report would not show is no warning."""


def warnings_of(findings: Findings) -> list[str]:
    """Return sentences, the gravest first."""
    routers = [one for one in findings.routers if not one.baseline]
    return [
        *_costless(findings),
        *(sentence for one in routers for sentence in _unbeaten(findings, one)),
        *_falls(findings),
    ]


def _costless(findings: Findings) -> Iterator[str]:
    if findings.budgets[1] == 0:
        yield f"{findings.table} has no costs: every reply was free, so that cost tells no routers apart."


def _unbeaten(findings: Findings, one: Found) -> Iterator[str]:
    best, contest = f"the best single model, {findings.strongest}", findings.contest(one.name, "best_single")
    if one.over_strongest is None or contest is None:
        yield f"{one.name}: at no setting does it cost as little as {best}."
    elif one.over_strongest.low <= 0:
        spent = next(at.cost for at in one.within if at.share == 1.0)
        share = spent / findings.strong.cost.value if findings.strong.cost.value else 1.0
        equal = "at equal cost it beats" if contest.gain.low > 0 else "at equal cost it does not beat, either,"
        yield (
            f"{one.name} does not beat {best}, with 95 % confidence: {_gain(one.over_strongest)} for {share:.0%} of "
            f"its cost; {equal} a coin between single models: {_gain(contest.gain)}."
        )


def _gain(found: Estimate) -> str:
    return f"{found.value:+.1%} ({found.low:+.1%} to {found.high:+.1%})"


def _falls(findings: Findings) -> Iterator[str]:
    falling = [f"{one.name} by up to {one.fall:.1%}" for one in findings.routers if one.fall > _SEEN]
    if falling:
        yield (
            f"Not monotone, their quality falls where more is spent: {', '.join(falling)}. What is read off such "
            "curves, as CPT is, holds only where they first get there."
        )
