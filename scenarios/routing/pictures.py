"""How do routers look beside each other? Quality over cost, and how often what they expect comes true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syllogym.scenarios.drawing import BLUE, GREEN, GREY, ORANGE, PURPLE, picture
from syllogym.scenarios.routing.findings import Findings, Found, Point

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, "#E69F00", "#56B4E9", "#000000")
_DASHES: dict[str, Any] = {"best_single": "-", "prompt_length": ":", "tfidf_ridge": "--", "oracle": "-."}
_MARKS = {"random": "x", "cheapest": "v"}
_MOST_NAMES = 12
"""More models than these would be written over each other."""


def draw_curves(findings: Findings) -> bytes:
    """Draw quality over cost: a line for each router, a cross for each model, the strongest model's cost marked."""

    def draw(figure: Figure) -> None:
        from matplotlib.ticker import PercentFormatter

        axes = figure.subplots()
        figure.suptitle(findings.title, fontweight="bold", wrap=True)
        for at, model in enumerate(sorted(findings.models, key=lambda one: one.cost.value)):
            place = (1000 * model.cost.value, model.quality.value)
            axes.plot(*place, "+", color=GREY, ms=7, zorder=1)
            if len(findings.models) <= _MOST_NAMES:
                name, beside = model.name.rpartition("/")[2], (4, 4 if at % 2 else -9)
                axes.annotate(name, place, beside, textcoords="offset points", fontsize=7, color=GREY)
        number = 0
        for one in findings.routers:
            _curve(axes, one, _style(one, number))
            number += not one.baseline
        axes.axvline(1000 * findings.strong.cost.value, color=GREY, lw=0.8, ls=(0, (1, 3)))
        if findings.budgets[0] > 0:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda dollars, _: f"${dollars:,g}")
        axes.set_xlabel("dollars for 1,000 questions")
        axes.set_ylabel("quality")
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=4)

    return picture(draw, 8, 5.4)


def draw_calibration(findings: Findings) -> bytes:
    """Draw reliability: real over expected quality, the size of a dot telling how often it was expected."""
    told = [one for one in findings.routers if one.calibration is not None]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        figure.suptitle("Expected and real quality", fontweight="bold")
        axes.plot([0, 1], [0, 1], color=GREY, lw=0.8)
        number = 0
        for one in told:
            assert one.calibration is not None
            bins, style = one.calibration.bins, _style(one, number)
            number += not one.baseline
            x, y = [line.score for line in bins], [line.right for line in bins]
            total = sum(line.count for line in bins)
            axes.plot(x, y, label=one.name, **{**style, "marker": None})
            axes.scatter(x, y, s=[4 + 120 * line.count / total for line in bins], color=style["color"], zorder=3)
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="expected quality", ylabel="real quality")
        if told:
            axes.legend(loc="upper left")

    return picture(draw, 5, 5)


def _curve(axes: Axes, one: Found, style: dict[str, Any]) -> None:
    x = [1000 * point.cost.value for point in one.points]
    y = [point.quality.value for point in one.points]
    axes.plot(x, y, label=one.name, ms=5, **style)
    if not one.baseline:
        low, high = zip(*map(_band, one.points), strict=True)
        axes.fill_between(x, low, high, color=style["color"], alpha=0.15, lw=0)


def _band(point: Point) -> tuple[float, float]:
    return point.quality.low, point.quality.high


def _style(one: Found, number: int) -> dict[str, Any]:
    if one.baseline:
        alone = len(one.points) == 1
        return {"color": GREY, "ls": _DASHES.get(one.name, "-"), "marker": _MARKS.get(one.name, "o") if alone else None}
    return {"color": _COLOURS[number % len(_COLOURS)], "lw": 2, "marker": "o" if len(one.points) < 30 else None}
