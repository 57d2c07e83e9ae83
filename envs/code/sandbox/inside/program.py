"""How is a program run and asked? Load it as a module, then answer calls and expressions, one line of text for each.

The first line tells how loading went, the rest belong to the calls in their order. A line is a letter and a text:
``v`` a plain value, ``e`` an exception, ``c`` a syntax error, ``m`` out of memory, ``x`` the program left by itself.
Whatever the program does to this process, it can only change what this process says, never how that is judged.
"""

from __future__ import annotations

import atexit
import json
import marshal
import os
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from syllogym.envs.code.sandbox.inside import plain

FILE = "<program>"
CELL = "<cell %d>"
"""Names of the files that tracebacks tell."""

_write, _exit, _dumps, _encode, _decode = os.write, os._exit, json.dumps, plain.encode, plain.decode
_unpacked = marshal.loads


def load(source: str, name: str) -> types.ModuleType:
    """Make the module of a program without running it; it is the process's main module."""
    module = types.ModuleType(name)
    module.__dict__["__builtins__"] = __builtins__
    sys.modules[name] = sys.modules["__main__"] = module
    return module


def answer(ask: Callable[[], str]) -> str:
    """Return the line for what a question comes to: its value's text, or what went wrong."""
    try:
        return "v" + ask()
    except MemoryError:
        return "m"
    except SystemExit as left:
        return "x" + _told(left)
    except BaseException as error:
        return "e" + _told(error)


def compiled(source: str) -> tuple[types.CodeType | None, str]:
    """Compile a program; when that fails, return the line that says so."""
    try:
        return compile(source, FILE, "exec", dont_inherit=True), ""
    except BaseException as error:  # SyntaxError, ValueError (a NUL), RecursionError and MemoryError (nested too deep)
        return None, "c" + _told(error)


def ask(namespace: dict[str, Any], question: Mapping[str, Any]) -> str:
    """Return the text of one call's or expression's value."""
    if "eval" in question:
        return _encode(eval(question["eval"], namespace))
    function = namespace.get(question["call"]) or eval(question["call"], namespace)
    given = question["with"]
    arguments, keywords = _unpacked(given) if isinstance(given, bytes) else _decode(given)
    return _encode(function(*arguments, **keywords))


def serve(payload: Mapping[str, Any], results: int) -> NoReturn:
    """Load the program, write the line of each test to the file `results`, and leave."""
    code, line = compiled(payload["source"])
    if code is not None:
        namespace = load(payload["source"], "program").__dict__
        line = answer(lambda: _run(code, namespace, payload["setup"]))
    _write(results, line.encode() + b"\n")
    if line.startswith("v"):
        for question in payload["tests"]:
            line = answer(lambda question=question: ask(namespace, question))  # type: ignore[misc]
            if not _write_all(results, line.encode() + b"\n"):
                break
    flush()
    _exit(0)


def script(payload: Mapping[str, Any], results: int) -> NoReturn:
    """Run the program from standard input to standard output, to its end as the interpreter would."""
    code, line = compiled(payload["source"])
    status = 1
    if code is not None:
        namespace = load(payload["source"], "__main__").__dict__
        line = answer(lambda: _run(code, namespace, ""))
        if line.startswith("x"):
            status = _status_of(line)
        elif line.startswith("v"):
            status = 0
        sys.modules["threading"]._shutdown()  # threads that print what is missing
        atexit._run_exitfuncs()
    status = status if flush() else 1
    _write(results, line.encode() + b"\n")
    _exit(status)


def flush() -> bool:
    """Write out what was printed, and tell whether there was room for it."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        return False
    return True


def _run(code: types.CodeType, namespace: dict[str, Any], setup: str) -> str:
    exec(code, namespace)
    if setup:
        exec(compile(setup, "<setup>", "exec"), namespace)
    return ""


def _status_of(line: str) -> int:
    told = json.loads(line[1:])["what"].partition(": ")[2]
    return int(told) & 255 if told.lstrip("-").isdigit() else int(told not in ("", "None"))


def _told(error: BaseException) -> str:
    """What an exception says, with the program's line that it came from, as JSON."""
    try:
        what = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()[-1]
    except BaseException:
        what = "an exception that cannot be told"
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith((FILE, CELL[:6])):
            line = trace.tb_lineno
        trace = trace.tb_next
    return _dumps({"what": what[:1000], "line": line})


def _write_all(file: int, data: bytes) -> bool:
    """Write, and tell whether all of it found room under the limit of a file's size."""
    try:
        return _write(file, data) == len(data)
    except OSError:
        return False
