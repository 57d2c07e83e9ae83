"""How does the kernel keep a program to its own folder? By Landlock: what is not listed cannot be opened.

A `Ruleset` is prepared once and put in force by one call. It governs opening, creating and removing files, TCP, and
signals and abstract sockets across its border, as far as the running kernel knows these. It does not govern looking a
path up: whether a file exists, and its size, can be seen where no namespace hides it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from syllogym.envs.code.sandbox.inside.kernel import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_VERSION, _BENEATH = 1, 1

_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FOLDER, _REMOVE_FILE, _MAKE_FOLDER, _MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE
_LOOK = _READ | _LIST
_OWN = _LOOK | _WRITE | _TRUNCATE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_FOLDER | _MAKE_FILE


def version() -> int:
    """Return the version of Landlock in the running kernel, 0 when there is none or it is off."""
    return max(0, int(syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)))


def _handled(known: int) -> tuple[int, bytes]:
    """Everything the version knows how to forbid."""
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(known, 16)) - 1
    fields = [rights] + [0b11] * (known >= 4) + [0b11] * (known >= 6)
    return rights, struct.pack(f"{len(fields)}Q", *fields)


class Ruleset:
    """What may be opened: `readable` paths, `writable` device files, and all of one `own` folder.

    Nothing may be executed but the files that are `executable`.
    """

    def __init__(
        self, readable: Iterable[str], writable: Iterable[str], own: str, executable: Iterable[str] = ()
    ) -> None:
        self._known, attributes = _handled(version())
        self._file = syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
        if self._file < 0:
            raise OSError(ctypes.get_errno(), "the kernel gives no Landlock ruleset")
        allowed = ((readable, _LOOK), (writable, _READ | _WRITE), ([own], _OWN), (executable, _READ | _EXECUTE))
        for paths, rights in allowed:
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    self._allow(path, rights)

    def _allow(self, path: str, rights: int) -> None:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_FILES
            rule = struct.pack("=Qi", rights & self._known, place)
            if syscall(_ADD, self._file, _BENEATH, rule, 0) != 0:
                raise OSError(ctypes.get_errno(), f"Landlock does not take {path}")
        finally:
            os.close(place)

    def restrict(self) -> None:
        """Put this thread and what it starts under the rules for good. It needs no_new_privs."""
        if syscall(_RESTRICT, self._file, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refused the Landlock rules")
