"""How is one run carried out? Files are made, a fork server runs the program on them, and what it left is read."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar

from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.server import Ended, Lost
from syllogym.envs.code.sandbox.verdict import Status

T = TypeVar("T")
Steps: TypeAlias = Generator[Future[Any], Any, T]
"""Work that waits for futures it yields; `finish` waits in the thread, `finish_async` in the event loop."""

TRIES = 2
"""How often a run is tried when the machine, not the program, makes it fail."""


def finish(steps: Steps[T]) -> T:
    """Do the work, holding up this thread."""
    try:
        future = next(steps)
        while True:
            try:
                value = future.result()
            except BaseException as error:
                future = steps.throw(error)
            else:
                future = steps.send(value)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


async def finish_async(steps: Steps[T]) -> T:
    """Do the work, holding up nothing else; cancelling ends the run."""
    try:
        future = next(steps)
        while True:
            try:
                value = future.result() if future.done() else await asyncio.wrap_future(future)
            except BaseException as error:
                future = steps.throw(error)
            else:
                future = steps.send(value)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Ran:
    """What is known after a run: how it ended, and what it left in its files. The texts are the program's own."""

    ended: Ended
    lines: list[str]
    stdout: str
    stderr: str
    cause: tuple[Status | Literal[""], str]


def run_once(pool: Pool, kind: str, payload: dict[str, Any], stdin: str, limits: Limits) -> Steps[Ran]:
    """Run a program once, again when the machine made it fail.

    Raises:
        Lost: if the machine makes it fail each time.
    """
    turn = pool.acquire()
    try:
        yield turn
        for _ in range(TRIES - 1):
            try:
                return (yield from _try(pool, kind, payload, stdin, limits))
            except Lost:
                continue
        return (yield from _try(pool, kind, payload, stdin, limits))
    finally:
        pool.release(turn)


def _try(pool: Pool, kind: str, payload: dict[str, Any], stdin: str, limits: Limits) -> Steps[Ran]:
    server = pool.server()
    files: list[int] = []
    key, future = -1, None
    try:
        for content in (json.dumps(payload).encode(), stdin.encode("utf-8", "surrogatepass"), b"", b"", b""):
            files.append(memory_file(content))
        asked, given, out, errors, results = files
        if kind == "serve":
            errors = out
        key, future = server.start(kind, limits, [given, out, errors, results, asked])
        ended: Ended = yield future
        cause = cause_of(ended, limits, bool(pool.place.layers))
        if not cause[0] and any(os.fstat(file).st_size >= limits.output for file in (out, errors, results)):
            cause = "output_limit", f"more than {limits.output} bytes of output"
        lines = text_of_file(results, limits.output).splitlines()
        return Ran(ended, lines, text_of_file(out, limits.output), text_of_file(files[3], limits.output), cause)
    finally:
        if future is not None and not future.done():
            server.kill(key)
        for file in files:
            os.close(file)
        pool.leave(server)


def memory_file(content: bytes = b"") -> int:
    """Make a file that has no name and lives in memory."""
    file = os.memfd_create("syllogym", os.MFD_CLOEXEC)
    if content:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.lseek(file, 0, os.SEEK_SET)
    return file


def text_of_file(file: int, longest: int, start: int = 0) -> str:
    """Return what lies in such a file."""
    return os.pread(file, longest, start).decode("utf-8", "replace")


def cause_of(ended: Ended, limits: Limits, confined: bool) -> tuple[Status | Literal[""], str]:
    """Why a run did not come to its own end; empty when it did, or left by itself.

    Raises:
        Lost: if it was killed by something that no confined program can bring about.
    """
    if ended.why == "wall":
        return "timeout", f"not done after {limits.wall:g} s"
    if ended.why == "threads":
        return "violation", f"more than {limits.threads} threads"
    if ended.why == "files":
        return "output_limit", f"more than {limits.files} files, or {limits.storage} bytes in them"
    if not os.WIFSIGNALED(ended.status):
        return "", ""
    number = os.WTERMSIG(ended.status)
    if number == signal.SIGXCPU or (number == signal.SIGKILL and ended.cpu > limits.plain()["cpu"] - 0.1):
        return "timeout", f"not done after {limits.cpu:g} s of processor time"
    if number == signal.SIGSYS:
        return "violation", "a system call that no honest program makes"
    if number == signal.SIGXFSZ:
        return "output_limit", f"more than {limits.output} bytes of output"
    if number == signal.SIGKILL and confined and not ended.why:
        raise Lost("a program was killed from outside, perhaps for want of memory")
    return "killed", f"ended by signal {signal.strsignal(number) or number}"
