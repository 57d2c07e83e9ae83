"""What does a run tell the reader at its end? summary.md and curve.png in its folder, and the same on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.agents.episode import Episode
from syllogym.scenarios.curve import draw_curve
from syllogym.scenarios.record import Record, Row, read_record, roles_of
from syllogym.scenarios.run_directory import write_whole

_LONGEST = 600
_HEADINGS = ("held-out instances", "accuracy", "95 % interval", "return", "episodes")


def write_summary(run_dir: Path) -> Path:
    """Write summary.md and curve.png from the files of a run directory; return the summary's path."""
    record = read_record(run_dir)
    write_whole(run_dir / "curve.png", draw_curve(record))
    summary = run_dir / "summary.md"
    write_whole(summary, "\n".join(_markdown(record)).encode())
    return summary


def console_summary(run_dir: Path) -> RenderableType:
    """Return what is shown at the end of a run."""
    record = read_record(run_dir)
    return Group(
        evaluation_table(record.milestones),
        Text(record.verdict(), style="bold"),
        *([Text(record.lost(), style="red")] if record.lost() else []),
        sample_episodes(record.episodes),
        Text("\nWhat to try next", style="bold"),
        *(Text.assemble(f"  {why}\n", (f"    {command}", "cyan")) for why, command in record.suggestions()),
        Text(f"\nSummary: {run_dir / 'summary.md'}\nCurve:   {run_dir / 'curve.png'}"),
    )


def evaluation_table(results: Sequence[Row]) -> Table:
    """Return evaluations as a table for the screen, with a row for each role where several are trained."""
    headings, rows = _evaluations(results)
    table = Table(title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("held-out instances", "role") else "right")
    for row in rows:
        table.add_row(*row)
    return table


def sample_episodes(episodes: Iterable[Episode]) -> RenderableType:
    """Return episodes for the screen, every prompt and reply in full up to a bound."""
    parts: list[RenderableType] = []
    for episode in episodes:
        parts.append(Text(f"\n{_heading(episode)}", style="bold"))
        parts.append(Text(_transcript(episode)))
    return Group(*parts)


def _markdown(record: Record) -> Iterable[str]:
    yield f"# {record.title}\n"
    yield record.verdict() + "\n"
    if record.lost():
        yield record.lost() + "\n"
    yield from grid(*_evaluations(record.milestones))
    yield "\n![accuracy, reward, KL and entropy over the steps](curve.png)\n"
    yield "## Time and tokens\n"
    yield from grid(("stage", "steps", "time", "reply tokens"), map(_cost_cells, record.costs()))
    if record.metrics:
        yield f"\nThe whole run took {_duration(record.metrics[-1]['seconds'])}, evaluations included."
    yield "\n## Sample episodes\n"
    for episode in record.episodes:
        yield f"{_heading(episode)}\n"
        yield _fenced(_transcript(episode)) + "\n"
    yield "## What to try next\n"
    yield from (f"- {why} `{command}`" for why, command in record.suggestions())
    yield "\n## Settings\n"
    yield _fenced(record.scenario_text.rstrip("\n"), "yaml") + "\n"


def _evaluations(results: Sequence[Row]) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
    """Return the headings of a table of evaluations, and its rows."""
    headings = (*_HEADINGS, *(["exploitability"] if any("exploitability" in row for row in results) else []))
    if not any(map(roles_of, results)):
        return headings, map(_cells, results)
    rows = [
        (label, role, *numbers)
        for row in results
        for role in roles_of(row)
        for label, *numbers in [_cells({**row, **_of(role, row)})]
    ]
    return (headings[0], "role", *headings[1:]), rows


def _of(role: str, row: Row) -> Row:
    """Return the role's own numbers of an evaluation."""
    return {key.removeprefix(f"{role}/"): value for key, value in row.items() if key.startswith(f"{role}/")}


def _cells(row: Row) -> tuple[str, ...]:
    interval = f"{row['low']:.1%} to {row['high']:.1%}" if "low" in row and "high" in row else ""
    cells = (str(row["label"]), f"{row['accuracy']:.1%}", interval, f"{row['return']:.3f}", str(row["episodes"]))
    return (*cells, f"{row['exploitability']:.3f}") if "exploitability" in row else cells


def _cost_cells(cost: tuple[str, int, float, int]) -> tuple[str, ...]:
    stage, steps, seconds, tokens = cost
    return stage, str(steps), _duration(seconds), f"{tokens:,}"


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


def grid(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """Yield the lines of a table in Markdown."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' + ' ---: |' * (len(headings) - 1)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def _heading(episode: Episode) -> str:
    agents = dict.fromkeys(step.agent for step in episode.steps)
    if len(agents) < 2:
        return f"{episode.env}, seed {episode.seed}: reward {episode.reward():g}"
    paid = ", ".join(f"{agent} {episode.reward(agent):g}" for agent in agents)
    return f"{episode.env}, seed {episode.seed}: rewards {paid}"


def _transcript(episode: Episode) -> str:
    lines = []
    several = len({step.agent for step in episode.steps}) > 1
    for step in episode.steps:
        to = f" to {step.agent}" if several else ""
        lines += [f"{message['role']}{to}: {message['content']}" for message in step.prompt]
        paid = f"    [{step.reward:+g}]" if step.reward else ""
        cast = f" ({episode.cast[step.agent]})" if step.agent in episode.cast else ""
        lines.append(f"{step.agent}{cast}: {step.reply}{paid}")
    text = "\n".join(lines)
    return printable(text if len(text) <= _LONGEST else text[:_LONGEST] + " ...")


def printable(text: str) -> str:
    """Spell out what steers terminals: a policy may say anything, their control sequences included."""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\x{ord(sign):02x}" for sign in text)


def _fenced(text: str, language: str = "text") -> str:
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
