"""How is one process of Coq run and asked? In the sandbox, through a socket, each call until a moment and no longer."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
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
    return replace(
        place_for(isolation), executable=Executable((program, *ARGUMENTS), (library, *_SETTINGS), _ENVIRONMENT)
    )


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
        self._heard = bytearray()
        with far:
            files = [far.fileno(), far.fileno(), self.errors, nothing, nothing]
            self.key, self.ended = self.server.start("executable", limits, files)
        os.close(nothing)
        try:
            self.root = self.ask([protocol.init()], time.monotonic() + _START_SECONDS)[0].state
        except (TooMuch, protocol.NoAnswer) as error:
            words = text_of_file(self.errors, 10_000).strip().splitlines()
            self.close()
            raise Lost(f"Coq does not start: {words[-1] if words else error}") from error

    def ask(self, calls: Sequence[bytes], until: float) -> list[protocol.Answer]:
        """Make some calls at once, and wait for their answers until a moment of `time.monotonic`.

        Of the calls only the last may take long: after an interrupt Coq goes on with the next.

        Raises:
            TooMuch: it took too long, too much memory or said too much.
            Lost: the machine is to blame.
            NoAnswer: what came back is no answer.
        """
        answers: list[protocol.Answer] = []
        try:
            self.channel.settimeout(max(0.001, until - time.monotonic()))
            self.channel.sendall(b"".join(calls))
            while len(answers) < len(calls):
                answers.append(protocol.read(self._next(until)))
        except TimeoutError:
            raise TooMuch("", alive=self._interrupted(len(calls) - len(answers))) from None
        except (EOFError, OSError) as error:
            raise self._why() from error
        return answers

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

    def _next(self, until: float) -> bytes:
        """Wait for the next answer, with all that comes before it."""
        seen = 0
        while (end := self._heard.find(protocol.END, seen)) < 0:
            seen = max(0, len(self._heard) - len(protocol.END))
            rest = until - time.monotonic()
            if rest <= 0:
                raise TimeoutError
            self.channel.settimeout(rest)
            part = self.channel.recv(_ROOM)
            if not part:
                raise EOFError
            self._heard += part
            if len(self._heard) > ANSWER:
                raise TooMuch(f"Coq says more than {ANSWER:,} bytes.")
        end += len(protocol.END)
        answer = bytes(self._heard[:end])
        del self._heard[:end]
        return answer

    def _interrupted(self, missing: int) -> bool:
        """Interrupt calls that take too long; say whether all have ended. What they answer does not count."""
        until = time.monotonic() + OBEY_SECONDS
        while missing and time.monotonic() < until:
            self.server.interrupt(self.key)
            with contextlib.suppress(TimeoutError):
                try:
                    self._next(min(until, time.monotonic() + OBEY_SECONDS / 3))
                    missing -= 1
                except (EOFError, OSError, TooMuch) as error:
                    if not isinstance(error, TimeoutError):
                        return False
                    raise
        return not missing

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
