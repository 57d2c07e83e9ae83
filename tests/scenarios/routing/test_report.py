"""Does a report say the same on the screen, as Markdown, JSON and a picture?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from syllogym.scenarios.routing.findings import Findings
from syllogym.scenarios.routing.report import Report
from tests.scenarios.routing.made import routers, table

TABLE = table()
REPORT = Report.of(routers(TABLE), "model-2", title="Made up", draws=300)


def shown(width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(REPORT.screen())
    text = console.file
    assert isinstance(text, io.StringIO)
    return text.getvalue()


def test_the_screen_names_every_router_within_80_columns() -> None:
    text = shown(80)
    assert all(name in text for name in REPORT.routers) and "…" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_evaluated_stands_first() -> None:
    lines = [line.split()[0] for line in shown(100).splitlines() if line.strip()]
    assert lines.index("mine") < lines.index("random")


def test_markdown_has_every_section_and_every_setting() -> None:
    text = REPORT.to_markdown()
    for heading in ("Against baselines at equal cost", "Published numbers", "Calibration", "Each model alone", "mine"):
        assert f"\n## {heading}\n" in text
    for one in REPORT.findings.routers:
        assert all(f"| {point.name} |" in text for point in one.points)


def test_warnings_are_in_the_report_and_on_the_screen() -> None:
    report = Report.of(routers(TABLE, good=0.0), "model-2", draws=300)
    (warning,) = [warning for warning in report.findings.warnings if "best single" in warning]
    assert f"- {warning}" in report.to_markdown()
    console = Console(file=io.StringIO(), width=300)
    console.print(report.screen())
    assert warning in console.file.getvalue()  # type: ignore[attr-defined]


def test_all_files_are_written_and_the_numbers_read_back(tmp_path: Path) -> None:
    assert REPORT.write(tmp_path / "out") == tmp_path / "out" / "routing.html"
    names = ["calibration.png", "curves.png", "findings.json", "routing.html", "routing.md"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == names
    assert Findings.from_json((tmp_path / "out" / "findings.json").read_text()) == REPORT.findings


@pytest.mark.parametrize("name", ["curves.png", "calibration.png"])
def test_pictures_are_pictures(name: str, tmp_path: Path) -> None:
    REPORT.write(tmp_path)
    content = (tmp_path / name).read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) > 10_000
