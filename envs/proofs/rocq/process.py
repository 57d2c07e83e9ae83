"""How is one process of Coq run and asked? In the sandbox, through a socket, each call until a moment and no longer."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from concurrent.futures import Future
from dataclasses import replace
from functools import cache

from syllogym.envs.code.sandbox.layers import place_for
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.place import Executable, Place
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.running import cause_of, memory_file, text_of_file
from syllogym.envs.code.sandbox.server import Ended, Lost
from syllogym.envs.proofs.rocq import protocol
from syllogym.errors import UserError

PROGRAM = "coqidetop.opt"
HOW_TO_GET = f"Coq's {PROGRAM} is not on the PATH: `apt-get install coq` on Debian or Ubuntu brings it."

ARGUMENTS = (
    "-main-channel", "stdfds", "-q", "-w", "none", "-native-compiler", "no", "-async-proofs", "off",
    "-async-proofs-tactic-error-resilience", "off", "-async-proofs-command-error-resilience", "off",
)  # fmt: skip
"""No start-up file, no warnings, no compiler, and no going on after an error as if there were none."""

LIFETIME = 24 * 3600.0
ANSWER = 4 << 20
"""Bytes that an answer and what comes with it may have."""

OBEY_SECONDS = 0.35
"""After which a process that does not obey an interrupt is killed."""

_SETTINGS = ("/etc/ocamlfind.conf", "/usr/lib/ocaml")
"""What tells where plugins of Coq's own lie, and where they lie on Debian."""

_START_SECONDS = 30.0
_END_SECONDS = 5.0
_ENVIRONMENT = (("LANG", "C.UTF-8"), ("HOME", "/"), ("OCAMLRUNPARAM", "s=1M"))


class TooMuch(Exception):
    """A call needed more than it may have; the message says of what. `alive` tells whether the process still obeys."""

    def __init__(self, message: str, alive: bool = False) -> None:
        super().__init__(message)
        self.alive = alive


def missing() -> str:
    """Say what this machine lacks, or nothing."""
    return "" if shutil.which(PROGRAM) else HOW_TO_GET


@cache
def place(isolation: str) -> Place:
    """Return where Coq runs: under the layers of the sandbox, able to read its own library.

    Raises:
        UserError: if Coq is not installed, or this machine gives no sandbox.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise UserError(HOW_TO_GET)
    program = os.path.realpath(program)
    library = subprocess.run([program, "-where"], capture_output=True, text=True, timeout=60, check=True).stdout.strip()
    return replace(place_for(isolation), executable=Executable((program, *ARGUMENTS), (library, *_SETTINGS), _ENVIRONMENT))


class Process:
    """One process of Coq.

    Args:
        pool: of the sandbox, with a place that has Coq.
        limits: of the process, for as long as it lives.

    Raises:
        Lost: if it cannot be started.
    """

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self.pool, self.limits = pool, limits
        self.server = pool.server()
        self.errors, nothing = memory_file(), memory_file()
        self.channel, far = socket.socketpair()
        with far:
            files = [far.fileno(), far.fileno(), self.errors, nothing, nothing]
            self.key, self.ended = self.server.start("executable", limits, files)
        os.close(nothing)
        try:
            self.root = self.ask(protocol.init(), time.monotonic() + _START_SECONDS).state
        except (TooMuch, protocol.NoAnswer) as error:
            words = text_of_file(self.errors, 10_000).strip().splitlines()
            self.close()
            raise Lost(f"Coq does not start: {words[-1] if words else error}") from error

    def ask(self, call: bytes, until: float) -> protocol.Answer:
        """Call, and wait for the answer until a moment of `time.monotonic`.

        Raises:
            TooMuch: it took too long, too much memory or said too much.
            Lost: the machine is to blame.
            NoAnswer: what came back is no answer.
        """
        try:
            self.channel.settimeout(max(0.001, until - time.monotonic()))
            self.channel.sendall(call)
            return protocol.read(self._up_to_end(until))
        except TimeoutError:
            return self._interrupt()
        except (EOFError, OSError) as error:
            raise self._why() from error

    def close(self) -> None:
        """End the process."""
        self.channel.close()
        if not self.ended.done():
            self.server.kill(self.key)
        with contextlib.suppress(Lost, TimeoutError):
            self.ended.result(_END_SECONDS)
        os.close(self.errors)
        self.pool.leave(self.server)

    def let_go(self) -> None:
        """In a forked child: forget the process without ending it."""
        self.channel.close()
        os.close(self.errors)

    def _up_to_end(self, until: float) -> bytes:
        data = bytearray()
        while protocol.END not in data[-len(protocol.END) - _ROOM :]:
            rest = until - time.monotonic()
            if rest <= 0:
                raise TimeoutError
            self.channel.settimeout(rest)
            part = self.channel.recv(_ROOM)
            if not part:
                raise EOFError
            data += part
            if len(data) > ANSWER:
                raise TooMuch(f"Coq says more than {ANSWER:,} bytes.")
        return bytes(data)

    def _interrupt(self) -> protocol.Answer:
        """Interrupt a call that takes too long; what it answers now does not count."""
        self.server.interrupt(self.key)
        try:
            self._up_to_end(time.monotonic() + OBEY_SECONDS)
        except (TimeoutError, EOFError, OSError, TooMuch) as error:
            raise TooMuch("") from error
        raise TooMuch("", alive=True)

    def _why(self) -> Exception:
        future: Future[Ended] = self.ended
        try:
            _, message = cause_of(future.result(_END_SECONDS), self.limits, bool(self.pool.place.layers))
        except Lost as lost:
            return lost
        except TimeoutError:
            return Lost("Coq closed its channel")
        return TooMuch(f"Coq's process ended: {message or 'it ran out of memory or of stack'}.")


_ROOM = 1 << 16
