"""How is one process of the REPL spoken to? A JSON object, a blank line; one answer, a blank line, and nothing else.

What the process says is not trusted: it may be late, long, torn, doubled, or not there. After the first word that it
should not have said it is never asked again.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.envs.proofs.lean4.answers import Answer, NotAnAnswer, read_answer

LONGEST = 16 << 20
"""Bytes an answer may have."""
_CHUNK = 1 << 16
_LAST_WORDS = 300


class Lost(Exception):
    """The process is gone, or says what it should not; the message tells which."""


class Late(Exception):
    """There is no answer in time."""


class Process:
    """One process that answers requests.

    Args:
        command: how it is started. folder: where. environment: its variables, and no others.
    """

    def __init__(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._heard = bytearray()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,  # Ctrl-C is for the caller
            )
        except OSError as error:
            self._errors.close()
            raise Lost(f"it cannot be started: {error}") from error
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self.alive = True

    def ask(self, request: Mapping[str, Any], seconds: float) -> Answer:
        """Put a request and return its answer.

        Raises:
            Late: after so many seconds. Lost: the process is to blame. It is ended in either case.
        """
        until = time.monotonic() + seconds
        try:
            if not self.alive:
                raise Lost("it has ended")
            self._hear()
            if self._heard:
                raise Lost(f"it spoke before it was asked: {bytes(self._heard[:80])!r}")
            self._say(json.dumps(request, ensure_ascii=False).encode() + b"\n\n", until)
            return read_answer(self._answer(until))
        except NotAnAnswer as error:
            self.close()
            raise Lost(str(error)) from error
        except BaseException:  # Ctrl-C too: its answer must not be taken for that of the next request
            self.close()
            raise

    def close(self) -> None:
        """End the process and what it has started; closing twice does no harm."""
        if not self.alive:
            return
        self.alive = False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()
        self._errors.close()

    def memory(self) -> int:
        """Return the bytes of memory that the process has, 0 where the system does not tell."""
        with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{self._process.pid}/statm") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        return 0

    def _say(self, data: bytes, until: float) -> None:
        while data:
            self._wait(self._in, select.POLLOUT, until)
            try:
                data = data[os.write(self._in, data) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Lost(self._last_words()) from error

    def _answer(self, until: float) -> Any:
        end = -1
        while end < 0:
            if len(self._heard) > LONGEST:
                raise Lost(f"it said more than {LONGEST} bytes")
            looked = len(self._heard)
            self._wait(self._out, select.POLLIN, until)
            if not self._hear():
                raise Lost(self._last_words())
            end = self._heard.find(b"\n\n", max(0, looked - 1))
        text, rest = bytes(self._heard[:end]), bytes(self._heard[end:])
        if rest.strip():
            raise Lost("it answered twice")
        self._heard.clear()
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Lost(f"it said what is no JSON: {text[:80]!r}") from error

    def _hear(self) -> bool:
        """Take what there is to hear; False at the end."""
        try:
            heard = os.read(self._out, _CHUNK)
        except BlockingIOError:
            return True
        self._heard += heard
        return bool(heard)

    def _wait(self, file: int, event: int, until: float) -> None:
        poll = select.poll()
        poll.register(file, event)
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(1000 * left):
            raise Late

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - _LAST_WORDS))
        words = self._errors.read().decode(errors="replace").strip()
        return f"it ended with status {self._process.returncode}{': ' if words else ''}{words}"
