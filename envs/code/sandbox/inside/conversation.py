"""How is a program asked again and again, and how are tests run that ask one? By messages: JSON behind its length.

Two kinds of child converse. One holds a program: it loads it and answers calls, or runs cells one after the other in
one namespace. The other holds tests and never sees the program: what they call is a stand-in that sends plain arguments
and gets plain values back, or the exception that was raised over there.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import itertools
import json
import linecache
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from syllogym.envs.code.sandbox.inside import plain, program

_numbers = itertools.count(1)


def send(channel: socket.socket, message: Any) -> None:
    """Send one message."""
    data = json.dumps(message).encode()
    channel.sendall(struct.pack("!I", len(data)) + data)


def receive(channel: socket.socket) -> Any:
    """Wait for one message; EOFError when the other side is gone."""
    (length,) = struct.unpack("!I", _exactly(channel, 4))
    return json.loads(_exactly(channel, length))


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = channel.recv(min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def converse(channel: socket.socket) -> NoReturn:
    """Obey messages until the socket closes."""
    namespace: dict[str, Any] = {}
    while True:
        try:
            message = receive(channel)
        except (EOFError, OSError):
            program._exit(0)
        if "load" in message:
            namespace, line = _load(message["load"], message["setup"])
            send(channel, line)
        elif "tests" in message:
            send(channel, Examiner(channel, message["names"]).run(message["tests"]))
        else:
            namespace = namespace or program.load("", "__main__").__dict__
            send(channel, program.answer(partial(_cell if "cell" in message else program.ask, namespace, message)))


def _load(source: str, setup: str) -> tuple[dict[str, Any], str]:
    code, line = program.compiled(source)
    if code is None:
        return {}, line
    namespace = program.load(source, "program").__dict__
    return namespace, program.answer(lambda: program._run(code, namespace, setup))


def _cell(namespace: dict[str, Any], message: Mapping[str, Any]) -> str:
    """Run one cell as an interactive session would; the value of a last expression is printed, or the traceback."""
    source, name = message["cell"], program.CELL % next(_numbers)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), namespace)
            if value is not None:
                sys.stdout.write(f"{value!r}\n")
    except BaseException as error:
        with contextlib.suppress(BaseException):
            _print_traceback(error)
        raise
    finally:
        program.flush()
    return ""


def _print_traceback(error: BaseException) -> None:
    """Print where an exception came from, as far as that is in cells."""
    trace = error.__traceback__
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith(program.CELL[:6]):
        trace = trace.tb_next
    sys.stdout.flush()
    traceback.print_exception(type(error), error, trace)


class Examiner:
    """Runs tests whose expected values stay here, against a program that is elsewhere."""

    def __init__(self, channel: socket.socket, names: list[str]) -> None:
        self.channel = channel
        self.namespace: dict[str, Any] = {"__name__": "tests", "__builtins__": __builtins__}
        self.stand_ins = {name: self._stand_in(name) for name in names}
        self.unsuitable = ""

    def run(self, pieces: list[Mapping[str, Any]]) -> list[str]:
        """Run pieces of tests in their order; return a line for each that is a test: empty, or what failed."""
        lines, broken = [], ""
        for piece in pieces:
            self.namespace.update(self.stand_ins)  # also over what the tests brought along under these names
            line = broken or self._piece(piece["source"])
            if self.unsuitable:
                return ["u" + self.unsuitable]
            if piece["test"]:
                lines.append(line)
            else:
                broken = line  # what the later tests need is not there
        return lines

    def _piece(self, source: str) -> str:
        try:
            exec(compile(source, "<test>", "exec"), self.namespace)
        except AssertionError as error:
            return "a" + (str(error)[:300] or "the assertion does not hold")
        except BaseException as error:
            return "e" + "".join(traceback.format_exception_only(type(error), error)).strip()[:300]
        return ""

    def _stand_in(self, name: str) -> Callable[..., Any]:
        def stand_in(*arguments: Any, **keywords: Any) -> Any:
            try:
                text = plain.encode((arguments, keywords), strict=True)
            except plain.NotPlain as error:
                if not isinstance(error, plain.TooDeep):  # that, a program may have brought about
                    self.unsuitable = f"a test hands {name} a value {error}"
                raise
            send(self.channel, {"call": name, "with": text})
            line = receive(self.channel)
            if line.startswith("v"):
                return plain.decode(line[1:])
            raise _exception(line)

        return stand_in


_NOT_REBUILT = (AssertionError, UnicodeError, StopIteration, StopAsyncIteration)  # the last two would end a test's loop


def _exception(line: str) -> BaseException:
    """Rebuild what the program raised, if it is one of Python's own exceptions, from what was told of it."""
    what = json.loads(line[1:])["what"] if line[:1] in "ecx" else "MemoryError"
    name, _, message = what.partition(": ")
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)) or issubclass(kind, _NOT_REBUILT):
        return RuntimeError(f"the program raised {what}")
    return kind(message)
