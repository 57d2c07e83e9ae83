"""How is the kernel called past Python's own library? By these functions of the C library."""

from __future__ import annotations

import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.restype = ctypes.c_int
_libc.syscall.restype = ctypes.c_long

prctl = _libc.prctl
syscall = _libc.syscall
capset = _libc.capset
