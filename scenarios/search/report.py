"""What do the findings say? search.md, and the table on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.scenarios.analysis.pass_at_k import Curve
from syllogym.scenarios.report import grid, printable
from syllogym.scenarios.search.findings import Findings, Row
from syllogym.scenarios.search.grid import BASELINES

_SHOWN_OF = 5
_COSTS = ("strategy", "prompt", "cached", "completion", "calls", "nodes", "money")
_TREES = ("strategy", "nodes", "depth", "branching", "answers", "dead", "illegal", "known", "refused")


def screen(findings: Findings) -> RenderableType:
    """Return what is shown in the terminal."""
    parts: list[RenderableType] = []
    for budget, rows in _budgets(findings):
        table = Table(title=f"{budget} a problem", title_justify="left")
        for heading in _headings(findings):
            table.add_column(heading, justify="left" if heading == "strategy" else "right")
        for row in rows:
            table.add_row(*_cells(findings, row), style="dim" if row.strategy in BASELINES else "")
        parts.append(table)
    parts.append(Text(_explained(findings)))
    parts += [Text(lost, style="red") for lost in _lost(findings)]
    return Group(*parts)


def markdown(findings: Findings) -> str:
    """Write search.md."""
    return "\n".join(_lines(findings)) + "\n"


def _lines(findings: Findings) -> Iterable[str]:
    yield f"# {findings.title}\n"
    yield f"{_explained(findings)} Every number: [findings.json](findings.json); every search: [records.jsonl](records.jsonl)."
    yield from _lost(findings)
    for budget, rows in _budgets(findings):
        yield f"\n## {budget} a problem\n"
        yield from grid(_headings(findings), (_cells(findings, row) for row in rows))
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
    return (
        f"{findings.problems} problems, {findings.seeds} seed{'s' if findings.seeds > 1 else ''}; 95 % bands over problems. "
        f"Gain: over the best of io, cot, self_consistency and best_of_n at as many {findings.unit}, paired by problem."
    )


def _lost(findings: Findings) -> Iterable[str]:
    for row in findings.rows:
        if row.lost:
            yield (
                f"{row.strategy}, {row.budget}: {row.lost} of {row.searches} searches were lost to faults and count as "
                f"not solved; one said: {printable(row.fault)[:300]} The same command with this --run-dir tries them again."
            )


def _budgets(findings: Findings) -> Iterable[tuple[str, list[Row]]]:
    for budget in dict.fromkeys(row.budget for row in findings.rows):
        yield budget, [row for row in findings.rows if row.budget == budget]


def _headings(findings: Findings) -> Sequence[str]:
    costs = [findings.unit, "nodes", *(["money"] if any(row.usage["money"] for row in findings.rows) else [])]
    return ("strategy", "accuracy", f"gain at equal {findings.unit}", f"any of {_SHOWN_OF}", *costs)


def _cells(findings: Findings, row: Row) -> Sequence[str]:
    gain = "" if row.gain is None else f"{_band(row.gain, '+')} over {row.rival}"
    costs = _amounts(row.usage, _headings(findings)[4:])
    return (row.strategy, _band(row.accuracy), gain, f"{row.best_of[_SHOWN_OF - 1]:.1%}", *costs)


def _band(found: Curve, sign: str = "") -> str:
    low, high = 100 * found.low[0], 100 * found.high[0]
    between = f"{low:+.1f} to {high:+.1f}" if sign else f"{low:.1f}-{high:.1f}"
    return f"{found.mean[0]:{sign}.1%} ({between})"


def _amounts(values: dict[str, float], names: Sequence[str]) -> list[str]:
    return [f"${values[name]:.4f}" if name == "money" else f"{values[name]:,.1f}" for name in names]
