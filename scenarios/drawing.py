"""What do all pictures of a run share? A style, colours that colour-blind readers can tell apart, smoothed lines."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from syllogym.scenarios.record import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a8a8a"
_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6e6e6",
    "axes.axisbelow": True,
    "legend.frameon": False,
}


def picture(draw: Callable[[Figure], None], width: float, height: float) -> bytes:
    """Return as PNG what `draw` draws on a figure of this size, in inches."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        # A figure without pyplot has no window, no global state, and the Agg canvas.
        figure = Figure(figsize=(width, height), dpi=130, layout="constrained")
        draw(figure)
        written = io.BytesIO()
        figure.savefig(written, format="png")
    return written.getvalue()


def series(
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
