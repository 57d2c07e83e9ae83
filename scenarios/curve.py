"""How does a run look as a picture? Held-out accuracy, reward, and KL with entropy, over the time they took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from syllogym.scenarios.drawing import BLUE, GREEN, GREY, ORANGE, PURPLE, picture, series
from syllogym.scenarios.record import Record, Row, is_milestone

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DASHES = ("-", "--", ":", "-.")


def draw_curve(record: Record) -> bytes:
    """Return the picture as PNG."""
    return picture(lambda figure: _draw(figure, record), 8, 7.5)


def _draw(figure: Figure, record: Record) -> None:
    top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=[1.3, 1, 1])
    figure.suptitle(record.title, fontweight="bold", wrap=True)
    placed = [(float(row["seconds"]), row) for row in record.metrics]
    learnt = [(at, row) for at, row in placed if row["kind"] == "train"]
    _accuracy(top, [(at, row) for at, row in placed if row["kind"] == "evaluate"], learnt)
    _of_each(middle, learnt, "reward", ORANGE)
    middle.set_ylabel("reward")
    _divergence(bottom, learnt)
    bottom.set_xlabel("seconds")
    warm = max((at for at, row in placed if row["kind"] == "warmup"), default=0)
    for axes in (top, middle, bottom) if warm else ():
        axes.axvspan(0, warm, color="#f3f0e6", zorder=0)
    if warm:
        top.text(warm / 2, 0.5, "warm-up", ha="center", va="center", rotation=90, color=GREY)
    end = max([1, *(at for at, _ in placed)])
    bottom.set_xlim(-0.01 * end, 1.04 * end)
    figure.align_ylabels()


def _accuracy(axes: Axes, evaluations: Sequence[tuple[float, Row]], learnt: Sequence[tuple[float, Row]]) -> None:
    """Draw held-out accuracy with its interval over the accuracy of the training episodes."""
    from matplotlib.ticker import PercentFormatter

    series(axes, learnt, "accuracy", BLUE, "in training (sampled replies)")
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
    wanted = (("kl", "KL (nats)", GREEN), ("entropy", "entropy (nats)", PURPLE))
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
        series(axes, rows, owned, colour, label, _DASHES[number % len(_DASHES)])
    if len(keys) > 1:
        axes.legend(loc="best")


def _keys(rows: Sequence[tuple[float, Row]], key: str) -> list[str]:
    """Return the names under which a metric was written: with those of roles or policies before it, or alone."""
    names = dict.fromkeys(name for _, row in rows for name in row)
    return [name for name in names if name.endswith(f"/{key}")] or [name for name in names if name == key]
