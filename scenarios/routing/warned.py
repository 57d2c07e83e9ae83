"""What must a reader of a routing report not overlook? Curves that fall, and routers that do not beat one model."""

from __future__ import annotations

from collections.abc import Iterator

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
    contest = findings.contest(one.name, "best_single")
    if contest is None:
        yield f"{one.name}: at no setting does it cost as little as the best single model, {findings.strongest}."
    elif contest.gain.low <= 0:
        gain = contest.gain
        how = "does not beat" if gain.value <= 0 else "does not beat with 95 % confidence"
        yield (
            f"{one.name} {how} the best single model, {findings.strongest}, at equal cost: "
            f"{gain.value:+.1%} ({gain.low:+.1%} to {gain.high:+.1%})."
        )


def _falls(findings: Findings) -> Iterator[str]:
    falling = [f"{one.name} by up to {one.fall:.1%}" for one in findings.routers if one.fall > _SEEN]
    if falling:
        yield (
            f"Not monotone, their quality falls where more is spent: {', '.join(falling)}. What is read off such "
            "curves, as CPT is, holds only where they first get there."
        )
