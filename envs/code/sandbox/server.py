"""How does the parent speak with one fork server? It sends files and limits, and is told later how the run ended.

Nothing a program says passes through here: its data lie in files that the parent made and nobody else reads.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from syllogym.envs.code.sandbox.inside import messages
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.place import Place

START_SECONDS = 30.0
END_SECONDS = 3.0
LOOK = 5.0
GRACE = 10.0
"""Seconds after which a server that should have told about a run is taken for lost."""

ENVIRONMENT = {"PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "1", "LD_BIND_NOW": "1"}
"""The same verdict each time; threads cost less; symbols are looked up once instead of in every child."""


class Lost(Exception):
    """A fork server is gone, or cannot be started; the message says why. The program is not to blame."""


@dataclass(frozen=True)
class Ended:
    """How a run ended: as the kernel tells it (`os.wait4`), and why it was killed, if it was."""

    status: int
    why: str
    wall: float
    cpu: float
    memory: int


class Server:
    """One fork server: a process of its own, under the layers of a place.

    Args:
        place: which layers, and which paths programs may read.

    Raises:
        Lost: if it cannot be started, or one of the layers does not hold.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.running = 0
        self.poisoned = False
        self._folder = None if "bubblewrap" in place.layers else tempfile.mkdtemp(prefix="syllogym-sandbox-")
        self._waiting: dict[int, tuple[Future[Ended], float]] = {}
        self._keys = itertools.count()
        self._lock = threading.Lock()
        self._control, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with far:
            self._process = subprocess.Popen(
                place.command(far.fileno()),
                pass_fds=[far.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the caller
                env=ENVIRONMENT,
                cwd="/",
            )
        self._listener = threading.Thread(target=self._listen, name="syllogym-sandbox", daemon=True)
        self._greet()
        self._listener.start()

    def start(self, kind: str, limits: Limits, files: Sequence[int]) -> tuple[int, Future[Ended]]:
        """Start a run; return its key, and a future of how it ends.

        Args:
            kind: ``serve``, ``script``, ``conversation``, or ``executable`` where the place has one.
            limits: its bounds.
            files: standard input, output and error, results or a socket, payload. They stay the caller's to close.
        """
        future: Future[Ended] = Future()
        future.set_running_or_notify_cancel()  # from here on nobody can cancel it; to end the run, kill it
        with self._lock:
            key = next(self._keys)
            self._waiting[key] = future, time.monotonic() + limits.wall + limits.patience + GRACE
        self._send(messages.request(key, kind, limits.plain()), files)
        return key, future

    def kill(self, key: int) -> None:
        """End a run now."""
        self._send(messages.request(key, "kill"), ())

    def interrupt(self, key: int) -> None:
        """Send a run SIGINT."""
        self._send(messages.request(key, "interrupt"), ())

    def close(self) -> None:
        """End the server and every run."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.end_now()
        if self._listener.is_alive() and self._listener is not threading.current_thread():
            self._listener.join(END_SECONDS)
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def end_now(self) -> None:
        """Kill the server's processes; its runs die with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def let_go(self) -> None:
        """In a forked child: forget the parent's server without ending it."""
        self._control.close()
        self._process.returncode = 0

    def _greet(self) -> None:
        self._control.settimeout(START_SECONDS)
        try:
            self._control.sendall(json.dumps(self.place.told(self._folder)).encode())
            answer = self._control.recv(1 << 16)
        except TimeoutError:
            answer = b'{"wrong": "it did not answer"}'
        except OSError:
            answer = b""
        wrong = json.loads(answer)["wrong"] if answer else self._last_words()
        if wrong:
            self.close()
            raise Lost(wrong)
        self._control.settimeout(None)

    def _last_words(self) -> str:
        assert self._process.stderr is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        os.set_blocking(self._process.stderr.fileno(), False)
        lines = (self._process.stderr.read() or b"").decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"it ended with status {self._process.returncode}"

    def _send(self, message: bytes, files: Sequence[int]) -> None:
        try:
            with self._lock:
                socket.send_fds(self._control, [message], files)
        except OSError:
            self._lose()

    def _listen(self) -> None:
        """Resolve futures as runs end; runs on a thread of its own."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        message = b" "
        while message:
            ready = poll.poll(1000 * LOOK)
            with self._lock:
                overdue = any(until < time.monotonic() for _, until in self._waiting.values())
            if overdue:
                self.end_now()
            if not ready:
                continue
            try:
                message = self._control.recv(messages.LONGEST)
            except OSError:
                message = b""
            if message:
                self._ended(message)
        self._lose()

    def _ended(self, message: bytes) -> None:
        key, status, why, wall, cpu, memory, clean = messages.told(message)
        with self._lock:
            future, _ = self._waiting.pop(key)
        self.poisoned = self.poisoned or not clean
        future.set_result(Ended(status, why, wall, cpu, memory))

    def _lose(self) -> None:
        with self._lock:
            self.poisoned = True
            waiting, self._waiting = self._waiting, {}
        for future, _ in waiting.values():
            future.set_exception(Lost("a fork server ended while it ran a program"))
