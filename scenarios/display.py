"""What does a person see while a run goes on? A live picture in a terminal, plain lines anywhere else.

Plain lines hold no control characters, so that they can be piped, logged and searched.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

SHOWN: Mapping[str, tuple[str, str]] = {
    "reward": ("reward", "{:.3f}"),
    "accuracy": ("accuracy", "{:.1%}"),
    "league/won": ("won in the league", "{:.1%}"),
    "kl": ("KL", "{:.4f}"),
    "entropy": ("entropy", "{:.3f}"),
    "length": ("reply length", "{:.1f}"),
    "tokens_per_s": ("tokens/s", "{:,.0f}"),
    "td_error": ("TD error", "{:.3f}"),
    "epsilon": ("epsilon", "{:.2f}"),
    "loss": ("loss", "{:.4f}"),
    "grad_norm": ("gradient norm", "{:.3f}"),
    "lr": ("learning rate", "{:.1e}"),
    "faults": ("lost to faults", "{:.0f}"),
}
"""The metrics that are shown, each with its title and format; others are ignored."""

_UNLESS_ZERO = ("faults",)

OF_EACH = ("reward", "accuracy", "entropy", "loss")
"""Those that are shown of every role and every policy of a team, whose names stand before them: ``speaker/reward``."""

_BLOCKS = "▁▂▃▄▅▆▇█"
_SPARKS = 40


class Display:
    """Shows a run: ``with Display(title, phases) as show``, then `phase`, `step` and `note`.

    Args:
        title: what runs.
        phases: names of the phases to come, shown in advance; may be empty.
        console: where to; the standard output when None.
        interval: seconds between plain lines.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        title: str,
        phases: Sequence[str] = (),
        console: Console | None = None,
        interval: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title = title
        self.phases = list(phases)
        self.console = console or Console()
        self.interval = interval
        self.clock = clock
        self.live: Live | None = None
        self.name, self.total, self.done = "", 0, 0
        self._latest: dict[str, float] = {}
        self._rewards: list[float] = []
        self._began = self._last_line = clock()
        self._done_before: int | None = None

    def __enter__(self) -> Display:
        # A forced terminal (FORCE_COLOR in CI) is one in colour only: what is redrawn there would fill the log.
        if self.console.is_interactive and self.console.file.isatty():
            self.live = Live(get_renderable=self._picture, console=self.console, refresh_per_second=4)
            self.live.start()
        else:
            self._line(self.title)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def phase(self, name: str, total_steps: int) -> None:
        """Begin a phase of so many steps."""
        self.name, self.total, self.done = name, total_steps, 0
        self._latest, self._rewards, self._done_before = {}, [], None
        self._began = self._last_line = self.clock()
        if name not in self.phases:
            self.phases.append(name)
        if self.live is None:
            self._line(f"{name}: {total_steps} steps")

    def step(self, step: int, metrics: Mapping[str, float]) -> None:
        """Show the metrics of a step (counted from 1); a resumed phase begins with a later step."""
        if self._done_before is None:
            self._done_before = step - 1
        self.done = step
        self._latest.update(metrics)
        if math.isfinite(metrics.get("reward", math.nan)):
            self._rewards.append(metrics["reward"])
        now = self.clock()
        if self.live is None and (now - self._last_line >= self.interval or step == self.total):
            self._last_line = now
            self._line(", ".join([f"{self.name} {step}/{self.total}", *map(" ".join, self._metrics()), self._time()]))

    def note(self, text: str) -> None:
        """Show a sentence that stays."""
        self._line(text)

    def seconds_left(self) -> float | None:
        """Estimate the rest of the phase from the steps taken so far; None before the first."""
        taken = self.done - (self._done_before or 0)
        if self._done_before is None or taken <= 0:
            return None
        return (self.clock() - self._began) / taken * (self.total - self.done)

    def _line(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _metrics(self) -> list[tuple[str, str]]:
        shown = []
        for name, (title, form) in SHOWN.items():
            owned = [key for key in self._latest if key.endswith(f"/{name}")] if name in OF_EACH else []
            for key in owned or [name]:
                if key in self._latest and (self._latest[key] or name not in _UNLESS_ZERO):
                    owner = key.removesuffix(name).replace("/", " ")
                    shown.append((owner + title, form.format(self._latest[key])))
        return shown

    def _time(self) -> str:
        left = self.seconds_left()
        elapsed = _clock_time(self.clock() - self._began)
        return f"{elapsed} gone" if left is None else f"{elapsed} gone, {_clock_time(left)} left"

    def _picture(self) -> RenderableType:
        at = self.phases.index(self.name) if self.name else -1
        steps = Text(self.title, style="bold")
        for number, phase in enumerate(self.phases):
            mark, style = ("✓", "green") if number < at else ("▶", "bold cyan") if number == at else ("·", "dim")
            steps.append(f"   {mark} {phase}", style)
        if not self.name:
            return steps
        bar = Table.grid(padding=(0, 2))
        bar.add_row(
            ProgressBar(total=max(1, self.total), completed=self.done, width=40),
            Text(f"{self.done}/{self.total}"),
            Text(self._time(), style="dim"),
        )
        numbers = Table.grid(padding=(0, 2))
        cells = [Text.assemble((f"{title} ", "dim"), (value, "bold")) for title, value in self._metrics()]
        for start in range(0, len(cells), 4):
            numbers.add_row(*cells[start : start + 4])
        curve = Text.assemble(("reward ", "dim"), (sparkline(self._rewards), "green")) if self._rewards else Text()
        return Group(steps, bar, numbers, curve)


def sparkline(values: Sequence[float], width: int = _SPARKS) -> str:
    """Draw values as a row of at most `width` blocks, each the mean of its share, from the lowest to the highest."""
    if not values:
        return ""
    count = min(width, len(values))
    edges = [round(number * len(values) / count) for number in range(count + 1)]
    means = [sum(values[low:high]) / (high - low) for low, high in pairwise(edges)]
    low, span = min(means), (max(means) - min(means)) or 1.0
    return "".join(_BLOCKS[min(7, int((mean - low) / span * 8))] for mean in means)


def _clock_time(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
