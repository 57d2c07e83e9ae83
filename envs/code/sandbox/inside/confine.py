"""What does a freshly forked child do before it becomes the program? It gives up all it could do harm with, for good.

Order matters: what can fail comes first, seccomp comes last. A child that cannot be confined never runs the program.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
from collections.abc import Mapping
from typing import Any

from syllogym.envs.code.sandbox.inside.kernel import capset, prctl
from syllogym.envs.code.sandbox.inside.landlock import Ruleset
from syllogym.envs.code.sandbox.inside.seccomp import Filters

STACK = 64 << 20
"""Bytes of stack, so that honest deep recursion fits; it counts as memory only where it is used."""

_DIE_WITH_PARENT, _DUMPABLE, _BOUNDING, _NO_NEW_PRIVILEGES, _SUBREAPER, _AMBIENT = 1, 4, 24, 38, 36, 47


def give_up_privileges() -> None:
    """Make this process and its children weak: no capability, none to be had, closed to tracers, no core dumps.

    Orphans of its children become its own children, so that it can find and end them.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # a lower hard limit than this is good enough
        resource.setrlimit(resource.RLIMIT_STACK, (STACK, STACK))
    prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(_DUMPABLE, 0, 0, 0, 0)
    prctl(_SUBREAPER, 1, 0, 0, 0)
    prctl(_AMBIENT, 4, 0, 0, 0)
    for capability in range(64):
        if prctl(_BOUNDING, capability, 0, 0, 0) != 0:
            break
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    if capset(header, none) != 0:
        raise OSError(ctypes.get_errno(), "the capabilities could not be dropped")


def confine(limits: Mapping[str, Any], folder: str, rules: Ruleset | None, calls: Filters | None) -> None:
    """Bound this process, move it into its folder, and put it under the kernel's rules."""
    os.setsid()
    prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    for kind, limit in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["output"]),
        (resource.RLIMIT_NOFILE, limits["descriptors"]),
    ):
        resource.setrlimit(kind, (limit, limit))
    os.chdir(folder)
    if rules is not None:
        rules.restrict()
    if calls is not None:
        calls.restrict_program(os.getpid())
