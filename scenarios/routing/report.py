"""How is a report on routers read? In the terminal, as Markdown, JSON, pictures, and one page for the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.scenarios.analysis.bootstrap import RESAMPLES
from syllogym.scenarios.report import grid, printable
from syllogym.scenarios.routing import tables
from syllogym.scenarios.routing.decided import Decided
from syllogym.scenarios.routing.find import find
from syllogym.scenarios.routing.findings import Findings
from syllogym.scenarios.routing.page import page
from syllogym.scenarios.routing.pictures import draw_calibration, draw_curves
from syllogym.scenarios.run_directory import write_whole


@dataclass(frozen=True, eq=False)
class Report:
    """What was found, and the decisions it was found from.

    Attributes:
        findings: all numbers. routers: every decision, by router.
    """

    findings: Findings
    routers: Mapping[str, Sequence[Decided]]

    @classmethod
    def of(
        cls,
        routers: Mapping[str, Sequence[Decided]],
        strongest: str,
        *,
        title: str = "Routing",
        cluster: bool | None = None,
        draws: int = RESAMPLES,
        seed: int = 0,
    ) -> Report:
        """Measure routers and baselines on one table; see `find` for the arguments and what is refused."""
        found = find(routers, strongest, title=title, cluster=cluster, draws=draws, seed=seed)
        return cls(found, routers)

    def screen(self) -> RenderableType:
        """Return what is shown in the terminal."""
        table = Table(box=box.SIMPLE_HEAD, padding=0)
        for heading in tables.MAIN:
            table.add_column(heading, justify="left" if heading == "router" else "right")
        for one in tables.in_order(self.findings):
            cells = map(printable, tables.main_row(self.findings, one))
            table.add_row(*map(Text, cells), style="dim" if one.baseline else "")
        warned = [Text(printable(warning), style="yellow") for warning in self.findings.warnings]
        return Group(table, Text(printable(tables.explained(self.findings))), *warned)

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        return "\n".join(self._lines()) + "\n"

    def to_json(self) -> str:
        """Return all numbers; `Findings.from_json` reads them."""
        return self.findings.to_json()

    def to_png(self) -> bytes:
        """Return quality over cost as a picture."""
        return draw_curves(self.findings)

    def to_html(self) -> str:
        """Return one page that needs no network: plots, tables, every question with who was asked for how much."""
        return page(self.findings, self.routers)

    def write(self, folder: Path) -> Path:
        """Write all of it into a folder; return the path of the page."""
        folder.mkdir(parents=True, exist_ok=True)
        texts = {"routing.md": self.to_markdown(), "findings.json": self.to_json(), "routing.html": self.to_html()}
        for name, text in texts.items():
            write_whole(folder / name, text.encode("utf-8", "replace"))
        write_whole(folder / "curves.png", self.to_png())
        write_whole(folder / "calibration.png", draw_calibration(self.findings))
        return folder / "routing.html"

    def _lines(self) -> Iterator[str]:
        findings = self.findings
        yield f"# {findings.title}\n"
        yield tables.explained(findings)
        yield "Every number: [findings.json](findings.json); every question: [routing.html](routing.html)."
        if findings.warnings:
            yield "\n**Not to be overlooked**\n"
            yield from (f"- {warning}" for warning in findings.warnings)
        yield ""
        yield from grid(tables.MAIN, (tables.main_row(findings, one) for one in tables.in_order(findings)))
        yield "\n![quality over cost](curves.png)\n"
        yield "## Against baselines at equal cost\n"
        yield "A router may spend so much of the strongest model's cost, a baseline as much as the router then spent.\n"
        yield from grid(tables.CONTESTS, tables.contest_rows(findings))
        yield "\n## Published numbers\n"
        yield (
            "Of the dearest setting that costs no more than the strongest model: arena (RouterArena), V_R, V_B and E_p "
            "(RouterEval), delta IBC (AutoMix). Of the whole curve: PerfGain, CostSave, ParetoDist (LLMRouterBench); "
            "where there are two models, APGR and CPT (RouteLLM). AIQ above is RouterBench's.\n"
        )
        yield from grid(tables.PUBLISHED, (tables.published_row(findings, one) for one in tables.in_order(findings)))
        rows = list(tables.calibration_rows(findings))
        if rows:
            yield "\n## Calibration\n"
            yield "Expected against real quality, over all questions and models.\n"
            yield from grid(tables.CALIBRATION, rows)
            yield "\n![how often expectations come true](calibration.png)"
        yield "\n## Each model alone\n"
        yield from grid(tables.POINTS, map(tables.point_row, findings.models))
        if findings.pass_at_k:
            best = ", ".join(f"{share:.1%} (k = {k})" for k, share in enumerate(findings.pass_at_k, 1))
            yield f"\nOne of k models, drawn by lot, is right: {best}."
        for one in tables.in_order(findings):
            yield f"\n## {one.name}\n"
            yield from grid(tables.POINTS, map(tables.point_row, one.points))
