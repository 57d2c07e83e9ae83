"""Does any reply, however odd, make the environment raise or hang?

Replies are heard in a process of their own: a power such as ``9**9**9**9`` holds Python's interpreter lock, so that no
thread or signal gets out of it, and only ending the process does.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator

from syllogym.envs import Fault
from syllogym.envs.doctor.play import Subject
from syllogym.envs.doctor.report import Failed, Skipped

PATIENCE_S = 30.0
"""Seconds of wall time that one reply may take before it counts as a hang."""

_CHILD = "from syllogym.envs.doctor.hostile import hear_all; hear_all()"
_RAISED, _CANNOT_LOAD = 3, 4
_HOSTILE = (
    "", " \n\t ", "\x00", "\ud800", "\N{ZERO WIDTH SPACE}", "\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT THREE}", "½",
    "9" * 5_000, "9**9**9**9", "9^{9^{9^{9}}}", "1e999999999", "nan", "-inf", "1/0", "(" * 5_000, "-" * 5_000 + "1",
    "\\boxed{" * 1_000, "\\frac{1}{0}", "x" * 200_000, "{}", "%s", "{0}", "None",
    "<tool_call>", "<tool_call>{}</tool_call>", "<tool_call>[]</tool_call>", '<tool_call>{"name": 3}</tool_call>',
    "<tool_call>" + "[" * 5_000 + "</tool_call>",
)  # fmt: skip


def hostile_replies(subject: Subject) -> str:
    """No reply makes a hook raise or hang. A `Fault` that the author raises on purpose is allowed."""
    if subject.environment.__module__ == "__main__":
        raise Skipped("it is defined in the running script; put it into a module of its own to have this checked")
    try:
        job = pickle.dumps((sys.path, PATIENCE_S)) + pickle.dumps(subject)
    except (pickle.PicklingError, AttributeError) as error:
        raise Skipped(f"it cannot be sent to another process: {error}") from error
    done = subprocess.run([sys.executable, "-c", _CHILD], input=job, capture_output=True, env=_environ(), check=False)
    said = done.stdout.decode(errors="replace").splitlines() or ["nothing"]
    if done.returncode == _CANNOT_LOAD:
        raise Skipped(f"another process cannot import it: {said[-1]}")
    if done.returncode == _RAISED:
        raise Failed(said[-1])
    if done.returncode:
        raise Failed(f"{said[-1]} did not end within {PATIENCE_S:g} s, or ended the process.", vital=True)
    return ""


def hear_all() -> None:
    """Hear every hostile reply in this process, which `hostile_replies` started; its exit status is the verdict."""
    report = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8", errors="replace")
    os.dup2(2, 1)  # what the environment prints is not the report
    sys.path[:], patience = pickle.load(sys.stdin.buffer)
    try:
        subject = pickle.load(sys.stdin.buffer)
    except (ImportError, AttributeError) as error:
        report.write(f"{error}\n")
        os._exit(_CANNOT_LOAD)
    for reply in _replies():
        report.write(f"the reply {reply[:60]!r}\n")
        faulthandler.dump_traceback_later(patience, exit=True)
        try:
            _hear(subject, reply)
        except Exception as error:  # told to the parent, which reports it
            report.write(f"the reply {reply[:60]!r} makes it raise: {' '.join(str(error).split())}\n")
            os._exit(_RAISED)
        faulthandler.cancel_dump_traceback_later()


def _environ() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _replies() -> Iterator[str]:
    for text in _HOSTILE:
        yield from (text, f"\\boxed{{{text}}}", f"<answer>{text}</answer>")


def _hear(subject: Subject, reply: str) -> None:
    env = subject.make()
    env.reset(seed=44)
    try:
        env.act(dict.fromkeys(env.waiting, reply))
    except Fault as fault:
        if fault.__cause__ is not None:  # the engine's fault for an exception in a hook, not the author's own
            raise
