"""How are tests run that cannot be turned into pairs? In a process of their own, which asks the program for values.

The program's process is given calls, never the tests; the tests' process gets plain values, never objects of the
program. Both are confined, and every message passes through here.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

from syllogym.envs.code.sandbox.cases import Script
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.outcomes import of_line
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.running import Steps, text_of_file
from syllogym.envs.code.sandbox.session import Conversation, Stopped
from syllogym.envs.code.sandbox.verdict import Outcome, Status, Verdict, printable
from syllogym.errors import UserError


def examine(pool: Pool, program: str, setup: str, script: Script, limits: Limits) -> Steps[Verdict]:
    """Put a program to tests that run elsewhere.

    Raises:
        UserError: if the tests hand the program something that is not plain data.
        Lost: if the machine makes it fail.
    """
    turn = pool.acquire()
    try:
        yield turn
        verdict: Verdict = yield _threads().submit(_examine, pool, program, setup, script, limits)
        return verdict
    finally:
        pool.release(turn)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(4 * (os.cpu_count() or 1), "syllogym-examination")


def _examine(pool: Pool, program: str, setup: str, script: Script, limits: Limits) -> Verdict:
    talks: list[Conversation] = []
    lines: list[Any] = []
    status: Status
    try:
        for _ in range(2):
            talks.append(Conversation(pool, limits))
        asked, asking = talks
        asked.say({"load": program, "setup": setup})
        line = asked.hear_line()
        if line.startswith("v"):
            lines = _relay(asked, asking, script)
            status, message = "failed", ""
        else:
            status, message = of_line(line)
    except Stopped as stopped:
        status, message = stopped.status, stopped.message
    finally:
        stdout = text_of_file(talks[0].output, limits.output) if talks else ""
        for talk in talks:
            talk.close()
    cpu = talks[0].cpu if talks else 0.0
    return _verdict(script, lines, Verdict(status, (), message, stdout, cpu=cpu, isolation=pool.place.name))


def _relay(asked: Conversation, asking: Conversation, script: Script) -> list[Any]:
    """Pass calls and answers to and fro until the tests are through; return their lines."""
    asking.say({"tests": [{"source": source, "test": test} for source, test in script.pieces], "names": script.names})
    while True:
        said = asking.hear()
        if isinstance(said, list):
            return said
        if not isinstance(said, dict) or said.get("call") not in script.names:
            raise Stopped("violation", "the tests' process asked for something else than the program")
        asked.say(said)
        asking.say(asked.hear_line())


def _verdict(script: Script, lines: list[Any], verdict: Verdict) -> Verdict:
    tests = [source for source, test in script.pieces if test]
    if lines and str(lines[0]).startswith("u"):
        raise UserError(
            f"The tests cannot run apart from the program: {lines[0][1:]}. Write them as calls with plain data."
        )
    outcomes = [
        Outcome(line == "", "" if line == "" else f"`{printable(source, 200)}`: {printable(str(line)[1:])}")
        for source, line in zip(tests, lines, strict=False)
    ]
    outcomes += [Outcome(False, f"not answered: {verdict.message}")] * (len(tests) - len(outcomes))
    message = verdict.message or next((outcome.message for outcome in outcomes if not outcome.passed), "")
    passed = bool(lines) and all(outcome.passed for outcome in outcomes)
    return replace(verdict, status="passed" if passed else verdict.status, outcomes=tuple(outcomes), message=message)
