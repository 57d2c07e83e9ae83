"""How is a process asked again and again? A conversation with one child; a session runs cell after cell in it.

What the child sends is untrusted: of bounded length, plain text in JSON, and waited for no longer than allowed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import time
from dataclasses import replace
from typing import Any

from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.outcomes import of_line
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.running import cause_of, memory_file, text_of_file
from syllogym.envs.code.sandbox.server import Ended, Lost
from syllogym.envs.code.sandbox.verdict import Status, Verdict

LIFETIME = 3600.0
"""Seconds after which a session is ended, busy or not."""

_END_SECONDS = 10.0


class Stopped(Exception):
    """The child is gone: why, as a verdict says it."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class Conversation:
    """One child that answers messages until it is closed.

    Args:
        pool: where it runs.
        limits: its bounds; `wall` is the whole conversation's.

    Attributes:
        cpu: seconds of processor time that it took, once it is closed.
    """

    def __init__(self, pool: Pool, limits: Limits) -> None:
        self.pool, self.limits = pool, limits
        self.cpu = 0.0
        self.server = pool.server()
        self.output, nothing = memory_file(), memory_file()
        self.channel, far = socket.socketpair()
        with far:
            files = [nothing, self.output, self.output, far.fileno(), nothing]
            self.key, self.ended = self.server.start("conversation", limits, files)
        os.close(nothing)

    def say(self, message: Any) -> None:
        """Send a message.

        Raises:
            Stopped: the child spoke before it was asked.
        """
        with contextlib.suppress(OSError):
            self.channel.settimeout(0)
            if self.channel.recv(1, socket.MSG_PEEK):
                raise Stopped("violation", "an answer before the question")
        data = json.dumps(message).encode()
        self.channel.settimeout(self.limits.wall)
        try:
            self.channel.sendall(struct.pack("!I", len(data)) + data)
        except OSError:  # the child is gone or does not read; hearing tells why
            self.channel.close()

    def hear(self, until: float | None = None) -> Any:
        """Wait for an answer, until a moment of `time.monotonic` or the end of the child.

        Raises:
            Stopped: the child ended, or is ended now since it took too long or said what makes no sense.
            Lost: the machine is to blame.
        """
        try:
            (length,) = struct.unpack("!I", self._exactly(4, until))
            if length > self.limits.output:
                raise Stopped("output_limit", f"an answer of more than {self.limits.output} bytes")
            return json.loads(self._exactly(length, until))
        except TimeoutError as error:
            raise Stopped("timeout", f"not done after {self.limits.wall:g} s") from error
        except (EOFError, OSError) as error:
            raise self._why() from error
        except (ValueError, RecursionError) as error:
            raise Stopped("violation", "an answer in no known form") from error

    def hear_line(self, until: float | None = None) -> str:
        """Wait for an answer as `hear` does; a program's answer is a line of text, and nothing else."""
        line = self.hear(until)
        if not isinstance(line, str):
            raise Stopped("violation", "an answer in no known form")
        return line

    def close(self) -> None:
        """End the child."""
        self.channel.close()
        if not self.ended.done():
            self.server.kill(self.key)
        with contextlib.suppress(Lost, TimeoutError):
            self.cpu = self.ended.result(_END_SECONDS).cpu
        os.close(self.output)
        self.pool.leave(self.server)

    def _exactly(self, length: int, until: float | None) -> bytes:
        parts = []
        while length:
            rest = None if until is None else until - time.monotonic()
            if rest is not None and rest <= 0:
                raise TimeoutError
            self.channel.settimeout(rest)
            part = self.channel.recv(min(length, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _why(self) -> Exception:
        if not self.ended.done():
            self.channel.close()
        try:
            ended: Ended = self.ended.result(_END_SECONDS)
            status, message = cause_of(ended, self.limits, bool(self.pool.place.layers))
        except (Lost, TimeoutError) as error:
            return error if isinstance(error, Lost) else Stopped("violation", "it closed its channel")
        if os.fstat(self.output).st_size >= self.limits.output:
            status, message = "output_limit", f"more than {self.limits.output} bytes of output"
        return Stopped(status or "killed", message or "the program ended before it answered")


class Session:
    """A process that keeps its state from one cell to the next, as an interactive interpreter does."""

    def __init__(self, pool: Pool, limits: Limits, program: str = "") -> None:
        self._conversation: Conversation | None = Conversation(pool, replace(limits, wall=LIFETIME))
        self._limits = limits
        self._shown = 0
        self._over = ("killed", "the session has ended")
        self.isolation = pool.place.name
        self.pool = pool
        if program:
            self.run(program)

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self._conversation is None

    def run(self, cell: str) -> Verdict:
        """Run a cell; the value of a last expression is printed, and so is a traceback. `stdout` is what it printed.

        A cell that exceeds a limit ends the session; later cells say so.
        """
        talk = self._conversation
        if talk is None:
            return Verdict(self._over[0], (), self._over[1], isolation=self.isolation)  # type: ignore[arg-type]
        turn = self.pool.acquire()
        began = time.monotonic()
        try:
            turn.result()
            began = time.monotonic()
            talk.say({"cell": cell})
            line = talk.hear_line(began + self._limits.wall)
            if os.fstat(talk.output).st_size >= self._limits.output:  # what it prints from now on would be lost
                raise Stopped("output_limit", f"more than {self._limits.output} bytes of output")
            status, message = ("passed", "") if line == "v" else of_line(line)
            printed = self._printed(talk)
        except Lost as lost:
            status, message, printed = "fault", str(lost), ""
            self._end("fault", str(lost))
        except Stopped as stopped:
            status, message = stopped.status, stopped.message
            if status == "timeout":
                message = f"not done after {self._limits.wall:g} s"
            printed = self._printed(talk)
            self._end(status, f"the session has ended: {message}")
        finally:
            self.pool.release(turn)
        return Verdict(status, (), message, printed, "", time.monotonic() - began, isolation=self.isolation)  # type: ignore[arg-type]

    def close(self) -> None:
        """End the process; closing twice does no harm."""
        self._end(*self._over)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _printed(self, talk: Conversation) -> str:
        text = text_of_file(talk.output, self._limits.output, self._shown)
        self._shown = os.fstat(talk.output).st_size
        return text

    def _end(self, status: str, message: str) -> None:
        talk, self._conversation = self._conversation, None
        if talk is not None:
            self._over = (status, message)
            talk.close()
