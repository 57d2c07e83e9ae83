"""How is one run carried out? Files are made, a fork server runs the program on them, and what it left is read."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar

from syllogym.envs.code.sandbox.inside import plain
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
                if not future.done():
                    await _end_of(future)
                value = future.result()
            except BaseException as error:
                future = steps.throw(error)
            else:
                future = steps.send(value)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


async def _end_of(future: Future[Any]) -> None:
    """Wait for a future of any thread; unlike `asyncio.wrap_future`, one of this thread wakes nothing else up."""
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()

    def wake() -> None:
        if not waiter.done():
            waiter.set_result(None)

    def tell(_: Future[Any]) -> None:
        if asyncio._get_running_loop() is loop:
            wake()
        else:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(wake)

    future.add_done_callback(tell)
    try:
        await waiter
    except asyncio.CancelledError:
        future.cancel()
        raise


@dataclass(frozen=True)
class Ran:
    """What is known after a run: how it ended, and what it left in its files. The texts are the program's own."""

    ended: Ended
    lines: list[str]
    stdout: str
    stderr: str
    cause: tuple[Status | Literal[""], str]


class Local:
    """Runs programs on this machine, in the processes of a pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.name = pool.place.name

    def run_once(self, kind: str, payload: dict[str, Any], stdin: str, limits: Limits) -> Steps[Ran]:
        """Run a program once, again when the machine made it fail.

        Raises:
            Lost: if the machine makes it fail each time.
        """
        turn = self.pool.acquire()
        try:
            yield turn
            for _ in range(TRIES - 1):
                with contextlib.suppress(Lost):
                    return (yield from _try(self.pool, kind, payload, stdin, limits))
            return (yield from _try(self.pool, kind, payload, stdin, limits))
        finally:
            self.pool.release(turn)

    def close(self) -> None:
        """End every process."""
        self.pool.close()


def _try(pool: Pool, kind: str, payload: dict[str, Any], stdin: str, limits: Limits) -> Steps[Ran]:
    server = pool.server()
    files: list[int] = []
    key, future = -1, None
    try:
        contents = [plain.packed(payload), b"", b""]
        if kind == "script":
            contents += [stdin.encode("utf-8", "surrogatepass"), b""]
        for content in contents:
            files.append(memory_file(content))
        asked, results, out, *rest = files
        given, errors = rest or (_nothing(), out)
        key, future = server.start(kind, limits, [given, out, errors, results, asked])
        ended: Ended = yield future
        cause = cause_of(ended, limits, bool(pool.place.layers))
        if not cause[0] and any(os.fstat(file).st_size >= limits.output for file in (out, errors, results)):
            cause = "output_limit", f"more than {limits.output} bytes of output"
        lines = text_of_file(results, limits.output).splitlines()
        return Ran(
            ended, lines, text_of_file(out, limits.output), text_of_file(errors, limits.output) if rest else "", cause
        )
    finally:
        if future is not None and not future.done():
            server.kill(key)
        for file in files:
            os.close(file)
        pool.leave(server)


@cache
def _nothing() -> int:
    return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)


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
    size = min(longest, os.fstat(file).st_size - start)
    return os.pread(file, size, start).decode("utf-8", "replace") if size > 0 else ""


def cause_of(ended: Ended, limits: Limits, confined: bool) -> tuple[Status | Literal[""], str]:
    """Why a run did not come to its own end; empty when it did, or left by itself.

    Raises:
        Lost: if it was killed by something that no confined program can bring about.
    """
    if ended.why == "wall":
        return "timeout", f"not done after {limits.wall:g} s"
    if ended.why == "cpu":
        return "timeout", f"not done after {limits.cpu:g} s of processor time"
    if ended.why == "threads":
        return "violation", f"more than {limits.threads} threads"
    if ended.why == "files":
        return "output_limit", f"more than {limits.files} files, or {limits.storage} bytes in them"
    if not os.WIFSIGNALED(ended.status):
        return "", ""
    number = os.WTERMSIG(ended.status)
    if number == signal.SIGSYS:
        return "violation", "a system call that no honest program makes"
    if number == signal.SIGXFSZ:
        return "output_limit", f"more than {limits.output} bytes of output"
    if number == signal.SIGKILL and confined and not ended.why:
        raise Lost("a program was killed from outside, perhaps for want of memory")
    return "killed", f"ended by signal {signal.strsignal(number) or number}"
