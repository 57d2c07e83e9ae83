"""How is the kernel called past Python's own library? By these functions of the C library."""

from __future__ import annotations

import ctypes

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.restype = ctypes.c_int
_libc.syscall.restype = ctypes.c_long
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

prctl = _libc.prctl
syscall = _libc.syscall
capset = _libc.capset
madvise = _libc.madvise
