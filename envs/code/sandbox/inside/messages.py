"""What do the parent and a fork server say to each other about a run? Two messages of fixed form: nothing is parsed."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

KINDS = ("kill", "interrupt", "serve", "script", "conversation", "executable")
"""What is asked for: the end of a run, a SIGINT to it, or one of four kinds of run."""

WHYS = ("", "told", "wall", "cpu", "threads", "files")
"""Why a run was killed, if it was."""

_SECONDS = ("wall", "patience", "cpu")
_NUMBERS = ("memory", "output", "threads", "files", "storage", "descriptors")
_LIMITS = _SECONDS + _NUMBERS
_NONE = dict.fromkeys(_LIMITS, 0)

_request = struct.Struct(f"=qB{len(_SECONDS)}d{len(_NUMBERS)}q")
_ended = struct.Struct("=qiBddq?")

LONGEST = max(_request.size, _ended.size)
"""Bytes of a message."""


def request(key: int, kind: str, limits: Mapping[str, float] = _NONE) -> bytes:
    """Ask for a run, or its end, by its key."""
    seconds, numbers = (limits[name] for name in _SECONDS), (int(limits[name]) for name in _NUMBERS)
    return _request.pack(key, KINDS.index(kind), *seconds, *numbers)


def requested(message: bytes) -> tuple[int, str, dict[str, Any]]:
    """Return the key, the kind and the limits that were asked for."""
    key, kind, *limits = _request.unpack(message)
    return key, KINDS[kind], dict(zip(_LIMITS, limits, strict=True))


def ended(key: int, status: int, why: str, wall: float, cpu: float, memory: int, clean: bool) -> bytes:
    """Tell how a run ended: the kernel's status, why it was killed, what it used, and whether its folder is clean."""
    return _ended.pack(key, status, WHYS.index(why), wall, cpu, memory, clean)


def told(message: bytes) -> tuple[int, int, str, float, float, int, bool]:
    """Return what was told of an end, in the order of `ended`."""
    key, status, why, wall, cpu, memory, clean = _ended.unpack(message)
    return key, status, WHYS[why], wall, cpu, memory, clean
