"""How do the findings look? pass@k, the entropy fit, metrics over the steps, and lengths against reward, as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from syllogym.scenarios.analysis.entropy_fit import EntropyFit
from syllogym.scenarios.analysis.lengths import Lengths
from syllogym.scenarios.analysis.pass_at_k import Comparison
from syllogym.scenarios.drawing import BLUE, GREEN, GREY, ORANGE, PURPLE, picture, series
from syllogym.scenarios.record import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"trained": ORANGE, "base": BLUE}


class _Panel(NamedTuple):
    """A kind of metric: its heading, its lines (key, label, colour), and its scale."""

    heading: str
    lines: Sequence[tuple[str, str, str]]
    scale: Literal["free", "from 0", "share", "log"]


_PANELS = (
    _Panel("accuracy", [("accuracy", "", BLUE)], "share"),
    _Panel("entropy (nats)", [("entropy", "", PURPLE)], "from 0"),
    _Panel("Cov(log-prob, advantage), which lowers entropy", [("entropy_covariance", "", PURPLE)], "free"),
    _Panel("clipped tokens", [("clip_low", "ratio low", BLUE), ("clip_high", "ratio high", ORANGE)], "from 0"),
    _Panel("KL (nats a token)", [("policy_kl", "to the rollout's", BLUE), ("kl", "to the reference", GREEN)], "from 0"),
    _Panel("engine gap (nats)", [("engine_gap", "mean", BLUE), ("engine_gap_max", "largest", ORANGE)], "log"),
    _Panel("effective sample size, as a share", [("effective_sample_size", "", GREEN)], "share"),
    _Panel("groups with no signal", [("no_signal", "", ORANGE)], "share"),
)


def draw_pass_at_k(comparison: Comparison) -> bytes:
    """Draw both curves with their bands over k, on a scale of powers of two."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for name, curve in (("trained", comparison.trained), ("base", comparison.base)):
            axes.plot(comparison.ks, curve.mean, "o-", color=_COLOURS[name], label=name, ms=4)
            axes.fill_between(comparison.ks, curve.low, curve.high, color=_COLOURS[name], alpha=0.15, lw=0)
        if comparison.crossing is not None:
            axes.axvline(comparison.crossing, color=GREY, ls=":")
            axes.text(
                comparison.crossing,
                0.02,
                " first k at which the base is above",
                color=GREY,
                transform=axes.get_xaxis_transform(),
            )
        axes.set_xscale("log", base=2)
        axes.set_xticks(comparison.ks, [str(k) for k in comparison.ks])
        axes.set_xlabel("k, replies to each instance")
        _percent(axes)
        axes.set_ylabel("pass@k, with 95 % band over instances")
        axes.legend(loc="lower right")

    return picture(draw, 7, 4.5)


def draw_fit(fit: EntropyFit, steps: Sequence[Row]) -> bytes:
    """Draw accuracy over entropy, a point for each step, and the fitted law down to entropy 0."""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        known = [row for row in steps if "entropy" in row]
        entropy = [row["entropy"] for row in known]
        line = np.linspace(0, max(entropy), 200)
        number = [row["step"] for row in known]
        points = axes.scatter(entropy, [row["accuracy"] for row in known], c=number, cmap="viridis", s=18)
        figure.colorbar(points, label="step")
        law = f"{fit.b:.3f} - {fit.a:.3f} exp(H), R² = {fit.r2:.3f}"
        axes.plot(line, fit.reward(line), color=ORANGE, lw=2, label=law)
        axes.plot(0, fit.ceiling, "*", color=ORANGE, ms=13, clip_on=False, label=f"ceiling at H = 0: {fit.ceiling:.1%}")
        axes.set_xlim(left=0)
        _percent(axes, limits=False)
        axes.set_xlabel("entropy H (nats a token)")
        axes.set_ylabel("accuracy in training (new instances, sampled)")
        axes.legend(loc="best")

    return picture(draw, 7, 4.5)


def draw_metrics(title: str, steps: Sequence[Row]) -> bytes:
    """Draw what every method logs, a panel for each kind of number."""

    def draw(figure: Figure) -> None:
        figure.suptitle(title, fontweight="bold", wrap=True)
        grid = figure.subplots(4, 2, sharex=True)
        placed = [(float(row["step"]), row) for row in steps]
        for axes, panel in zip(grid.flat, _PANELS, strict=True):
            _fill(axes, panel, placed)
        for axes in grid[-1]:
            axes.set_xlabel("step")

    return picture(draw, 9, 9)


def _fill(axes: Axes, panel: _Panel, placed: Sequence[tuple[float, Row]]) -> None:
    axes.set_title(panel.heading, loc="left", fontsize=10)
    shown = [line for line in panel.lines if any(line[0] in row for _, row in placed)]
    for key, label, colour in shown:
        series(axes, placed, key, colour, label or None)
    if not shown:
        axes.text(0.5, 0.5, "not logged by this run", ha="center", color=GREY, transform=axes.transAxes)
        axes.set_yticks([])
        return
    if len(panel.lines) > 1:
        axes.legend(loc="best", fontsize=8)
    if panel.scale == "log" and axes.dataLim.y1 > 0:
        axes.set_yscale("log", nonpositive="clip")
    elif panel.scale == "share":
        axes.set_ylim(-0.03, 1.03)
    elif panel.scale == "from 0":
        top = axes.get_ylim()[1]
        axes.set_ylim(-0.03 * top, top)


def draw_lengths(lengths: Mapping[str, Lengths], steps: Sequence[Row]) -> bytes:
    """Draw reward by length for both policies, and the lengths of right and wrong episodes over training."""

    def draw(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        for name, found in lengths.items():
            at, height, error = ([getattr(part, key) for part in found.bins] for key in ("mean", "reward", "error"))
            left.errorbar(at, height, yerr=error, color=_COLOURS[name], lw=1.2, capsize=2)
            total = sum(part.count for part in found.bins)
            size = [20 + 200 * part.count / total for part in found.bins]
            left.scatter(at, height, s=size, color=_COLOURS[name], label=name, zorder=3)
        left.set_xlabel("sampled tokens in an episode (size of a point: its share of the episodes)")
        left.set_ylabel("mean reward, with standard error")
        left.legend(loc="best")
        placed = [(float(row["step"]), row) for row in steps]
        series(right, placed, "length_correct", GREEN, "right episodes")
        series(right, placed, "length_wrong", ORANGE, "wrong episodes")
        right.set_xlabel("step of training")
        right.set_ylabel("mean tokens in a reply")
        if right.lines:
            right.legend(loc="best")

    return picture(draw, 11, 4.2)


def _percent(axes: Axes, limits: bool = True) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if limits:
        axes.set_ylim(-0.03, 1.03)
