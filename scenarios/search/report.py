"""What do the findings say? search.md, and the table on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.scenarios.analysis.pass_at_k import Curve
from syllogym.scenarios.report import grid, printable
from syllogym.scenarios.search.findings import Findings, Row

_SHOWN_OF = 5
_ASTRAY = 0.8
"""A larger share of thoughts that led nowhere is told."""
_COSTS = ("strategy", "prompt", "cached", "completion", "calls", "nodes", "money")
_TREES = ("strategy", "nodes", "depth", "branching", "answers", "dead", "illegal", "known", "refused")


def screen(findings: Findings) -> RenderableType:
    """Return what is shown in the terminal; it fits 80 columns."""
    parts: list[RenderableType] = []
    for budget, rows in _budgets(findings):
        table = Table(title=f"{budget} a problem", title_justify="left", box=box.SIMPLE_HEAD, padding=0)
        for heading in _headings(findings):
            name = heading == "strategy"
            table.add_column(heading, justify="left" if name else "right", no_wrap=not name)
        for row in rows:
            table.add_row(*_cells(findings, row), style="" if row.gain else "dim")
        parts.append(table)
    parts.append(Text(_explained(findings)))
    parts += [Text(said, style="yellow") for said in _astray(findings)]
    parts += [Text(lost, style="red") for lost in _lost(findings)]
    return Group(*parts)


def markdown(findings: Findings) -> str:
    """Write search.md."""
    return "\n".join(_lines(findings)) + "\n"


def _lines(findings: Findings) -> Iterable[str]:
    yield f"# {findings.title}\n"
    yield _explained(findings)
    yield "Every number: [findings.json](findings.json); every search: [records.jsonl](records.jsonl)."
    yield from _astray(findings)
    yield from _lost(findings)
    for budget, rows in _budgets(findings):
        yield f"\n## {budget} a problem\n"
        yield from grid(_headings(findings), (_cells(findings, row) for row in rows))
        gains = [f"{row.strategy} over {row.rival}" for row in rows if row.rival]
        yield f"\nGains are those of {'; '.join(gains)}." if gains else ""
        yield "\nWhat a search used, on average:\n"
        yield from grid(_COSTS, ((row.strategy, *_amounts(row.usage, _COSTS[1:])) for row in rows))
        yield "\nWhat its tree was like, on average:\n"
        yield from grid(_TREES, ((row.strategy, *_amounts(row.tree, _TREES[1:])) for row in rows))
        if findings.seeds > 1:
            ks = range(1, findings.seeds + 1)
            yield "\npass@k, the tries being the searches from different seeds:\n"
            heads = ("strategy", *(f"k = {k}" for k in ks))
            yield from grid(heads, ((row.strategy, *(f"{share:.1%}" for share in row.over_seeds)) for row in rows))
    yield "\n![accuracy over what was spent](curves.png)\n"
    yield "![one of the k best answers is right](pass_at_k.png)"


def _explained(findings: Findings) -> str:
    seeds = f"{findings.seeds} seed{'s' if findings.seeds > 1 else ''}"
    return (
        f"{findings.problems} problems, {seeds}; 95 % bands over problems. "
        "Gain: over the best of io, cot, self_consistency and best_of_n "
        f"at as many {findings.unit}, paired by problem. "
        f"Top {_SHOWN_OF}: one of its {_SHOWN_OF} best answers is right."
    )


def _astray(findings: Findings) -> Iterable[str]:
    rows = [row for row in findings.rows if row.tree["illegal"] > _ASTRAY * (row.tree["illegal"] + row.tree["nodes"])]
    if rows:
        yield (
            f"{', '.join(dict.fromkeys(row.strategy for row in rows))}: more than {_ASTRAY:.0%} of the thoughts that "
            "were proposed led nowhere. Is the player asked in words it knows? See evaluate.search.prompts."
        )


def _lost(findings: Findings) -> Iterable[str]:
    for row in findings.rows:
        if row.lost:
            yield (
                f"{row.strategy}, {row.budget}: {row.lost} of {row.searches} searches were lost to faults and count "
                f"as not solved; one said: {printable(row.fault)[:300]} "
                "The same command with this --run-dir tries them again."
            )


def _budgets(findings: Findings) -> Iterable[tuple[str, list[Row]]]:
    for budget in dict.fromkeys(row.budget for row in findings.rows):
        yield budget, [row for row in findings.rows if row.budget == budget]


def _headings(findings: Findings) -> Sequence[str]:
    costs = [findings.unit, "nodes", *(["money"] if any(row.usage["money"] for row in findings.rows) else [])]
    return ("strategy", "accuracy", "gain", f"top {_SHOWN_OF}", *costs)


def _cells(findings: Findings, row: Row) -> Sequence[str]:
    costs = _amounts(row.usage, _headings(findings)[4:])
    gain = "" if row.gain is None else _band(row.gain, "+")
    return (row.strategy, _band(row.accuracy), gain, f"{row.best_of[_SHOWN_OF - 1]:.1%}", *costs)


def _band(found: Curve, sign: str = "") -> str:
    """Write a share with its band: ``77.0% (68-85)``, or ``+52.0% (+37 to +66)``."""
    low, high = (f"{100 * bound[0]:{sign}.0f}" for bound in (found.low, found.high))
    return f"{found.mean[0]:{sign}.1%} ({low}{' to ' if sign else '-'}{high})"


def _amounts(values: dict[str, float], names: Sequence[str]) -> list[str]:
    return [_amount(name, values[name]) for name in names]


def _amount(name: str, value: float) -> str:
    if name == "money":
        return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
