"""How do strategies look beside each other? Accuracy over what was spent, and over how many answers may be tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from syllogym.scenarios.drawing import BLUE, GREEN, GREY, ORANGE, PURPLE, picture
from syllogym.scenarios.search.curves import AXES, anytime, limits_of, mean
from syllogym.scenarios.search.findings import Findings, grouped
from syllogym.scenarios.search.grid import BASELINES
from syllogym.scenarios.search.search_record import BEST, SearchRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, "#E69F00", "#56B4E9", "#000000")
_DASHES = {"io": ":", "cot": "-.", "self_consistency": "--", "best_of_n": (0, (6, 1))}
_LABELS = {"tokens": "tokens in and out", "money": "dollars", "calls": "calls of the model", "nodes": "nodes"}


def draw_curves(findings: Findings) -> bytes:
    """Draw accuracy over tokens, money, calls and nodes, each from the runs with the largest budget."""
    runs = _largest(findings)
    axes_of = [name for name, amount in AXES.items() if any(amount(record.usage) for record in findings.records)]

    def draw(figure: Figure) -> None:
        columns = min(2, len(axes_of))
        grid = figure.subplots(-(-len(axes_of) // columns), columns, sharey=True, squeeze=False)
        figure.suptitle(findings.title, fontweight="bold", wrap=True)
        for axes, name in zip(grid.flat, axes_of, strict=False):
            for number, (strategy, records) in enumerate(runs.items()):
                _curve(axes, name, strategy, records, number)
            axes.set_xscale("log")
            _tick(axes)
            axes.set_xlabel(_LABELS[name] + ", a problem")
        for axes in list(grid.flat)[len(axes_of) :]:
            axes.remove()
        for axes in grid[:, 0]:
            axes.set_ylabel("accuracy")
        _share(grid[0, 0])
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=4)

    return picture(draw, 4.7 * min(2, len(axes_of)), 1.2 + 3.3 * -(-len(axes_of) // 2))


def draw_pass_at_k(findings: Findings) -> bytes:
    """Draw how often one of the k best answers is right."""
    runs = _largest(findings)
    rows = {(row.strategy, row.budget): row for row in findings.rows}

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        figure.suptitle(findings.title, fontweight="bold", wrap=True)
        for number, (strategy, records) in enumerate(runs.items()):
            row = rows[strategy, records[0].place.budget]
            axes.plot(range(1, BEST + 1), row.best_of, label=strategy, **_style(strategy, number))
        axes.set_xscale("log", base=2)
        axes.set_xticks([1, 2, 4, 8, 16], ["1", "2", "4", "8", "16"])
        axes.set_xlabel("k")
        axes.set_ylabel("one of the k best answers is right")
        _share(axes)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside right center")

    return picture(draw, 7.5, 4.2)


def _largest(findings: Findings) -> dict[str, list[SearchRecord]]:
    """Return the searches of each strategy under the budget that was used most of."""
    amount, groups = AXES[findings.unit], grouped(findings.records)
    spent: dict[str, float] = {}
    for (_, budget), records in groups.items():
        spent[budget] = spent.get(budget, 0.0) + sum(amount(record.usage) for record in records)
    most = max(spent, key=spent.__getitem__)
    return {strategy: records for (strategy, budget), records in groups.items() if budget == most}


def _curve(axes: Axes, name: str, strategy: str, records: Sequence[SearchRecord], number: int) -> None:
    limits = limits_of(records, AXES[name])
    if not len(limits):
        return
    found, style = mean(anytime(records, AXES[name], limits)), _style(strategy, number)
    if limits[0] == limits[-1]:  # all its searches spent the same, at once
        axes.plot(limits[-1:], found.mean[-1:], label=strategy, marker="o", **style)
        return
    axes.step(limits, found.mean, where="post", label=strategy, **style)
    axes.fill_between(
        limits,
        found.low,
        found.high,
        color=style["color"],
        alpha=0.07 if strategy in BASELINES else 0.15,
        lw=0,
        step="post",
    )


def _tick(axes: Axes) -> None:
    """Name few amounts where they differ by less than ten times: a logarithmic scale names all, over each other."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

    low, high = axes.get_xlim()
    if high < 10 * low:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 10 else f"{x:.3g}"))


def _style(strategy: str, number: int) -> dict[str, Any]:
    if strategy in BASELINES:
        return {"color": GREY, "ls": _DASHES[strategy], "lw": 1.5}
    return {"color": _COLOURS[number % len(_COLOURS)], "lw": 2}


def _share(axes: Axes) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
