"""How is a routing report looked at in a browser? In one page that needs no network, with every question on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from syllogym.envs.html_page import filled
from syllogym.envs.routing.routed import Routed
from syllogym.scenarios.routing.decided import Decided
from syllogym.scenarios.routing.findings import Findings
from syllogym.scenarios.routing.frontier import Floats

_PAGE = Path(__file__).with_name("page.html")
_LONGEST = 240
"""Letters of a question that are shown: thousands of whole prompts would make a page too heavy to open."""


def page(findings: Findings, routers: Mapping[str, Sequence[Decided]]) -> str:
    """Write the page. Questions are data in it, put there as text: whatever they say, none of it is run or loaded."""
    table = next(iter(routers.values()))[0].table
    names = list(dict.fromkeys(table.families))
    number = {family: at for at, family in enumerate(names)}
    by_name = {(one.name, point.name) for one in findings.routers for point in one.points}
    data = {
        "findings": json.loads(findings.to_json()),
        "models": list(table.models),
        "questions": [_short(question) for question in table.questions],
        "families": names,
        "family": [number[family] for family in table.families],
        "quality": [_digits(column) for column in table.quality.T],
        "cost": [_digits(column) for column in table.cost.T],
        "decisions": [
            {"router": name, "setting": point.name, **_decisions(point)}
            for name, points in routers.items()
            for point in points
            if (name, point.name) in by_name
        ],
    }
    return filled(_PAGE, findings.title, data)


def _decisions(point: Decided) -> dict[str, Any]:
    """Return whom each question was put to: the different ways to ask, and which of them it was.

    What came of it and what it cost follows from the table, and what routers spent beside it; of a policy that played
    all of it is told, and every call.
    """
    told = _ways(point)
    if isinstance(point, Routed):
        return {**told, "extra": _digits(point.extra)} if point.extra.any() else told
    calls = [[[model, _short(text), cost] for model, text, cost in made] for made in getattr(point, "calls", ())]
    return {**told, "quality": _digits(point.quality), "cost": _digits(point.cost), "calls": calls}


def _ways(point: Decided) -> dict[str, Any]:
    rows = np.arange(len(point.answered))
    if (point.asked.sum(1) == 1).all() and point.asked[rows, point.answered].all():  # one each, as most routers do
        return {"ways": [[m, [m]] for m in range(point.asked.shape[1])], "way": point.answered.tolist()}
    ways, way = np.unique(np.column_stack([point.answered, point.asked]), axis=0, return_inverse=True)
    return {
        "ways": [[int(row[0]), np.flatnonzero(row[1:]).tolist()] for row in ways],
        "way": way.ravel().tolist(),
    }


def _digits(numbers: Floats) -> list[float]:
    """Round to four digits, and write whole numbers as such: a page has hundreds of thousands of them."""
    return [int(value) if value == int(value) else float(f"{value:.4g}") for value in numbers.tolist()]


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
