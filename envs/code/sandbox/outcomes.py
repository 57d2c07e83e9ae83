"""What do the lines that a program's process wrote say about the tests? They are claims; only right values count."""

from __future__ import annotations

import json
from collections.abc import Sequence

from syllogym.envs.code.sandbox.cases import Call, Expression, Stdin
from syllogym.envs.code.sandbox.running import Ran
from syllogym.envs.code.sandbox.verdict import Outcome, Status, printable

SHOWN = 200
"""Characters of a value that a message shows."""


def of_calls(
    ran: Ran, tests: Sequence[Call | Expression], expected: Sequence[str]
) -> tuple[Status, str, list[Outcome]]:
    """Judge the lines of calls: the first tells how loading went, then comes one for each test and what it expects."""
    first, lines = (ran.lines or [""])[0], ran.lines[1:]
    status, message = ran.cause
    if len(lines) > len(tests):
        first, lines = "", []
        status, message = (status, message) if status else ("violation", "more answers than questions")
    elif not first.startswith("v") and not status:
        status, message = of_line(first)
    outcomes = [of_test(*each) for each in zip(tests, lines, expected, strict=False)]
    reason = message or of_line(first)[1] or "the program ended before it answered"
    outcomes += [Outcome(False, f"not answered: {reason}")] * (len(tests) - len(outcomes))
    if not status and "m" in lines:
        status, message = "memory", "out of memory"
    passed = all(outcome.passed for outcome in outcomes)
    if status:
        return status, message, outcomes
    return ("passed", "", outcomes) if passed else ("failed", _first(outcomes), outcomes)


def of_output(ran: Ran, test: Stdin | None) -> tuple[Status, str, Outcome]:
    """Judge what a program printed, which must have come to its end by itself."""
    status, message = ran.cause
    if not status:
        line = ran.lines[0] if ran.lines else "v"
        if line[:1] in ("c", "e", "m"):
            status, message = of_line(line)
        elif ran.ended.status != 0:
            status, message = "failed", f"ended with status {ran.ended.status >> 8}"
    if status:
        return status, message, Outcome(False, message)
    if test is None or test.judge(ran.stdout, test.expected):
        return "passed", "", Outcome(True)
    message = f"printed {_shown(repr(ran.stdout))}, expected {_shown(repr(test.expected))}"
    return "failed", message, Outcome(False, message)


def of_line(line: str) -> tuple[Status, str]:
    """Return what a line that holds no value says: the status it comes to, and a message."""
    if line.startswith("c"):
        return "compile_error", _told(line)
    if line.startswith("m"):
        return "memory", "out of memory"
    if line.startswith("x"):
        return "failed", f"the program left by itself ({_told(line)})"
    if line.startswith("e"):
        return "failed", _told(line)
    return "failed", "the program ended before it answered"


def of_test(test: Call | Expression, line: str, expected: str) -> Outcome:
    """Judge the line of one test by the text of what it expects."""
    if not line.startswith("v"):
        return Outcome(False, of_line(line)[1])
    if test.judge(line[1:], expected):
        return Outcome(True)
    return Outcome(False, f"gave {_shown(line[1:])}, expected {_shown(expected)}")


def _told(line: str) -> str:
    try:
        told = json.loads(line[1:])
        where = f" (line {told['line']:d})" if told["line"] else ""
        return printable(str(told["what"])) + where
    except (ValueError, KeyError, TypeError, RecursionError):
        return "an answer in no known form"


def _first(outcomes: Sequence[Outcome]) -> str:
    number, outcome = next((at, one) for at, one in enumerate(outcomes, 1) if not one.passed)
    return f"test {number} of {len(outcomes)}: {outcome.message}"


def _shown(text: str) -> str:
    return printable(text, SHOWN)
