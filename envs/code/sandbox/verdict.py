"""What does the sandbox say about a program? How the run ended, each test's outcome, and under which isolation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from syllogym.envs.values import Fault

Status: TypeAlias = Literal[
    "passed", "failed", "compile_error", "timeout", "memory", "output_limit", "killed", "violation", "fault"
]

LONGEST_MESSAGE = 500
"""Characters of a message."""

_UNPRINTABLE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[^\S\n\t ]|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


@dataclass(frozen=True)
class Outcome:
    """Of one test: whether it passed, and if not, why, in words that may be shown to the agent."""

    passed: bool
    message: str = ""


@dataclass(frozen=True)
class Verdict:
    """What came of a run.

    Attributes:
        status: ``passed`` or ``failed`` when the program ran to its end; ``compile_error``; what it exceeded
            (``timeout``, ``memory``, ``output_limit``); ``killed`` when it crashed; ``violation`` when it did what no
            honest program does; ``fault`` when the machine is to blame, which says nothing about the program.
        outcomes: of the tests, in their order. Tests that were not reached have not passed.
        message: why the status is not ``passed``.
        stdout: what the program printed, as far as it was allowed to. It is untrusted text: see `printable`.
        stderr: the same for standard error; with calls, both are in `stdout`.
        seconds: wall clock from start to end. cpu: seconds of processor time. memory: bytes at the peak.
        isolation: the layers that held the program, such as ``bubblewrap+landlock+seccomp``.
    """

    status: Status
    outcomes: tuple[Outcome, ...] = ()
    message: str = ""
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    isolation: str = ""

    @property
    def passed(self) -> bool:
        """Whether the program ran to its end and passed every test."""
        return self.status == "passed"

    @property
    def fraction(self) -> float:
        """The share of tests that passed; without tests, whether the run went well."""
        if not self.outcomes:
            return float(self.passed)
        return sum(outcome.passed for outcome in self.outcomes) / len(self.outcomes)

    def checked(self) -> Verdict:
        """Return itself, or raise a `Fault` when the machine is to blame: no reward may come of that."""
        if self.status == "fault":
            raise Fault(f"The sandbox failed: {self.message}")
        return self


def together(parts: Sequence[Verdict], outcomes: Sequence[Outcome]) -> Verdict:
    """Return the verdict on several runs of one program: the worst tells the status, the rest is added up."""
    worst = next((part for part in parts if part.status not in ("passed", "failed")), None)
    worst = worst or next((part for part in parts if not part.passed), parts[0])
    return replace(
        worst,
        outcomes=tuple(outcomes),
        seconds=sum(part.seconds for part in parts),
        cpu=sum(part.cpu for part in parts),
        memory=max(part.memory for part in parts),
    )


def printable(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """Return untrusted text without control characters and escape sequences, cut to a length."""
    text = _UNPRINTABLE.sub("", text[: 8 * longest])
    return text if len(text) <= longest else text[:longest] + " ..."
