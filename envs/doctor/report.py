"""What does the env doctor find, and how is it read?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


class Failed(Exception):
    """A check found a defect; the message says which and where. After a vital one no other check makes sense."""

    def __init__(self, reason: str, vital: bool = False) -> None:
        super().__init__(reason)
        self.vital = vital


class Skipped(Exception):
    """A check has nothing to look at here; the message says why."""


Check = Callable[[Any], str]
"""A check takes a `Subject`, returns a note worth reading or "", and raises `Failed` or `Skipped`."""


@dataclass(frozen=True)
class Finding:
    """The result of one check; after a vital one that failed no other is tried."""

    check: str
    status: Literal["pass", "FAIL", "skip"]
    reason: str = ""
    vital: bool = False

    def __str__(self) -> str:
        """Show the finding as one line."""
        line = f"{self.status:4}  {self.check.replace('_', ' ')}"
        return f"{line}: {self.reason}" if self.reason else line


@dataclass(frozen=True)
class Report:
    """Every finding about one environment."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return not any(finding.status == "FAIL" for finding in self.findings)

    def lines(self) -> list[str]:
        """Return the report as lines of text: a heading, then one line a check."""
        failed = sum(finding.status == "FAIL" for finding in self.findings)
        if all(finding.status == "skip" for finding in self.findings):
            return [f"{self.name}: not checked: {self.findings[0].reason}"]
        verdict = "sound" if self.ok else f"{failed} of {len(self.findings)} checks FAILED"
        return [f"{self.name}: {verdict}", *(f"  {finding}" for finding in self.findings)]
