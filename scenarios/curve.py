"""How does a run look as a picture? Held-out accuracy, reward, and KL with entropy, over the time they took."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from syllogym.scenarios.record import Record, Row, is_milestone

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which colour-blind readers can tell apart.
_BLUE, _ORANGE, _GREEN, _PURPLE, _GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a8a8a"
_DASHES = ("-", "--", ":", "-.")
_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def draw_curve(record: Record) -> bytes:
    """Return the picture as PNG."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        # A figure without pyplot has no window, no global state, and the Agg canvas.
        figure = Figure(figsize=(8, 7.5), dpi=130, layout="constrained")
        top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=[1.3, 1, 1])
        figure.suptitle(record.title, fontweight="bold", wrap=True)
        placed = [(float(row["seconds"]), row) for row in record.metrics]
        learnt = [(at, row) for at, row in placed if row["kind"] == "train"]
        _accuracy(top, [(at, row) for at, row in placed if row["kind"] == "evaluate"], learnt)
        _of_each(middle, learnt, "reward", _ORANGE)
        middle.set_ylabel("reward")
        _divergence(bottom, learnt)
        bottom.set_xlabel("seconds")
        warm = max((at for at, row in placed if row["kind"] == "warmup"), default=0)
        for axes in (top, middle, bottom) if warm else ():
            axes.axvspan(0, warm, color="#f3f0e6", zorder=0)
        if warm:
            top.text(warm / 2, 0.5, "warm-up", ha="center", va="center", rotation=90, color=_GREY)
        end = max([1, *(at for at, _ in placed)])
        bottom.set_xlim(-0.01 * end, 1.04 * end)
        figure.align_ylabels()
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
    return picture.getvalue()


def _accuracy(axes: Axes, evaluations: Sequence[tuple[float, Row]], learnt: Sequence[tuple[float, Row]]) -> None:
    """Draw held-out accuracy with its interval over the accuracy of the training episodes."""
    from matplotlib.ticker import PercentFormatter

    _series(axes, learnt, "accuracy", _BLUE, "in training (sampled replies)")
    if evaluations:
        at = [position for position, _ in evaluations]
        height = [row["accuracy"] for _, row in evaluations]
        low = [row["accuracy"] - row.get("low", row["accuracy"]) for _, row in evaluations]
        high = [row.get("high", row["accuracy"]) - row["accuracy"] for _, row in evaluations]
        label = "held-out, with 95 % interval"
        axes.errorbar(at, height, yerr=[low, high], fmt="o-", color="black", capsize=3, lw=1.2, ms=5, label=label)
        for position, row in evaluations:
            if is_milestone(row):
                value = row["accuracy"]
                offset = (5, -16) if value > 0.5 else (5, 8)
                axes.annotate(f"{value:.0%}", (position, value), offset, textcoords="offset points", fontweight="bold")
    axes.set_ylim(-0.03, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("accuracy")
    if evaluations or learnt:
        axes.legend(loc="best")


def _divergence(axes: Axes, learnt: Sequence[tuple[float, Row]]) -> None:
    """Draw KL and entropy, each on an axis of its own where both are known: their sizes have nothing in common."""
    wanted = (("kl", "KL (nats)", _GREEN), ("entropy", "entropy (nats)", _PURPLE))
    for number, (key, label, colour) in enumerate(line for line in wanted if _keys(learnt, line[0])):
        if number:
            axes = axes.twinx()
            axes.grid(False)
            axes.spines["right"].set_visible(True)
        _of_each(axes, learnt, key, colour)
        axes.set_ylabel(label, color=colour)


def _of_each(axes: Axes, rows: Sequence[tuple[float, Row]], key: str, colour: str) -> None:
    """Draw a metric; in a team that of every role or policy, told apart by the line's style."""
    keys = _keys(rows, key)
    for number, owned in enumerate(keys):
        label = owned.removesuffix(f"/{key}") if len(keys) > 1 else None
        _series(axes, rows, owned, colour, label, _DASHES[number % len(_DASHES)])
    if len(keys) > 1:
        axes.legend(loc="best")


def _keys(rows: Sequence[tuple[float, Row]], key: str) -> list[str]:
    """Return the names under which a metric was written: with those of roles or policies before it, or alone."""
    names = dict.fromkeys(name for _, row in rows for name in row)
    return [name for name in names if name.endswith(f"/{key}")] or [name for name in names if name == key]


def _series(
    axes: Axes, rows: Sequence[tuple[float, Row]], key: str, colour: str, label: str | None = None, style: str = "-"
) -> None:
    """Draw a metric: every step in pale, a centred moving average on top."""
    import numpy as np

    points = [(at, float(row[key])) for at, row in rows if key in row]
    if not points:
        return
    steps, values = np.array(points).T
    half = max(1, len(values) // 40)
    smooth = [np.mean(values[max(0, number - half) : number + half + 1]) for number in range(len(values))]
    axes.plot(steps, values, color=colour, alpha=0.25, lw=1)
    axes.plot(steps, smooth, style, color=colour, lw=2, label=label)
