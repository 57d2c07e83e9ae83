"""How do an engine and its worker process talk? Frames of JSON over a socket, each behind its length.

Both sides use this module, the worker in a Python that may have none of our dependencies: standard library only.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import suppress
from typing import Any

_LENGTH = struct.Struct(">I")
_LONGEST = 1 << 30
_NO_HURRY = 3600.0
"""Seconds a frame may take to be sent: the other side reads in a thread of its own, whatever else it does."""


class Garbage(Exception):
    """What came is no frame: something else writes to the socket."""


class Wire:
    """One end of a connection. Any thread may send; one receives.

    Args:
        end: a connected stream socket. tick: seconds after which `receive` returns None when nothing came.
    """

    def __init__(self, end: socket.socket, *, tick: float = 1.0) -> None:
        self._writing, self._reading = end, end.dup()
        self._writing.settimeout(_NO_HURRY)
        self._reading.settimeout(tick)
        self._one_writer = threading.Lock()
        self._come = bytearray()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message whole. Raises `OSError` when the other side is gone."""
        frame = json.dumps(message, separators=(",", ":")).encode()
        with self._one_writer:
            self._writing.sendall(_LENGTH.pack(len(frame)) + frame)

    def receive(self) -> dict[str, Any] | None:
        """Return the next message; None when there was none for a tick.

        Raises:
            EOFError: the other side is gone.
            Garbage: see there.
        """
        while (frame := self._whole_frame()) is None:
            try:
                new = self._reading.recv(1 << 20)
            except TimeoutError:
                return None
            except OSError:
                new = b""
            if not new:
                raise EOFError
            self._come += new
        try:
            message = json.loads(frame)
        except ValueError as error:
            raise Garbage(f"{bytes(frame[:80])!r} is no JSON") from error
        if not isinstance(message, dict):
            raise Garbage(f"{message!r} is no mapping")
        return message

    def close(self) -> None:
        """Hang up: the other side, and a thread that receives here, are told that this was all."""
        for end in (self._writing, self._reading):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _whole_frame(self) -> bytes | None:
        if len(self._come) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._come)
        if length > _LONGEST:
            raise Garbage(f"it begins with {bytes(self._come[:16])!r}")
        end = _LENGTH.size + length
        if len(self._come) < end:
            return None
        frame = bytes(self._come[_LENGTH.size : end])
        del self._come[:end]
        return frame
