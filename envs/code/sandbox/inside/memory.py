"""How does a fork copy less? All that the server holds lies in few large pages, which the kernel shares as one each.

A fork copies an entry for each page that the server has written to, and the child's end undoes it. Where Python's
memory lies in one piece, 512 such pages can be made one.
"""

from __future__ import annotations

import contextlib

_ARENA, _LARGE = 1 << 20, 2 << 20  # bytes that Python takes at a time; bytes of a large page
_ARENAS = 8
"""What the server comes to hold, and two to be cut off at the ends."""

_COLLAPSE = 25  # of madvise, since Linux 6.1


def claim() -> list[bytes]:
    """Have Python take its memory now, before libraries lie in between; it keeps what the returned list pins."""
    blocks = [bytes(470) for _ in range(_ARENAS * _ARENA // 512)]
    return blocks[:: _ARENA // 1024]


def collapse() -> None:
    """Make large pages of what this process has written to, as far as the kernel does that; nothing else changes."""
    from syllogym.envs.code.sandbox.inside.kernel import madvise

    with contextlib.suppress(OSError), open("/proc/self/maps") as maps:
        for line in maps.read().splitlines():
            borders, rights, *_ = line.split()
            start, end = (int(border, 16) for border in borders.split("-"))
            if rights == "rw-p" and not line.endswith("[stack]"):
                for place in range(-(-start // _LARGE) * _LARGE, end - _LARGE + 1, _LARGE):
                    madvise(place, _LARGE, _COLLAPSE)
