"""Do the kernel's rules hold here? A child is put under them and tries what they forbid; nothing is taken on trust."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
from collections.abc import Callable, Collection
from typing import Any, NoReturn

from syllogym.envs.code.sandbox.inside import confine
from syllogym.envs.code.sandbox.inside.seccomp import Filters

_LIMITS = {"memory": 1 << 30, "output": 1 << 16, "descriptors": 1 << 12}


def fails(layers: Collection[str], slot: Any, calls: Filters | None) -> str:
    """Return what went wrong when a child was confined, or what it could do nevertheless; nothing when all holds."""
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        _tell(layers, slot, calls, sender)
    os.close(sender)
    told = os.read(receiver, 4096).decode()
    os.close(receiver)
    _, status = os.waitpid(pid, 0)
    return told or ("" if status == 0 else f"a confined process ended with status {status}")


def _tell(layers: Collection[str], slot: Any, calls: Filters | None, told: int) -> NoReturn:
    try:
        confine.confine(_LIMITS, slot.folder, slot.rules, calls)
        forbidden: list[tuple[str, str, Callable[[], object]]] = [
            ("landlock", "read a file outside of its folder", lambda: os.open("/proc/self/status", os.O_RDONLY)),
            ("landlock", "write outside of its folder", lambda: os.open("../escaped", os.O_CREAT | os.O_WRONLY)),
            ("seccomp", "start a process", _fork),
            ("seccomp", "open a socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
            ("seccomp", "signal its parent", lambda: os.kill(os.getppid(), 0)),
        ]
        for layer, what, attempt in forbidden:
            if layer in layers and _succeeds(attempt):
                os.write(told, f"under {layer}, a process could {what}".encode())
        if resource.getrlimit(resource.RLIMIT_AS)[1] != _LIMITS["memory"]:
            os.write(told, b"the memory limit could not be set")
        if {"landlock", "seccomp"} & set(layers):
            with contextlib.suppress(OSError):  # if it succeeds, the status tells
                os.execv("/bin/false", ["/bin/false"])
        os._exit(0)
    except BaseException as error:
        os.write(told, f"a process could not be confined: {error}".encode())
    finally:
        os._exit(1)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
