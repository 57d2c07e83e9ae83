"""How is Python's garbage collector kept from going over thousands of live episodes again and again? By asking it less.

Every 700 new objects it looks for cycles, now and then in everything that lives, which takes half of the time of
episodes that wait. Memory is given back by reference counts as always.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
_lock = threading.Lock()
_before: list[tuple[int, int, int]] = []


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the collector run rarely in this process until the last of those who asked for it is done."""
    with _lock:
        _before.append(gc.get_threshold())
        often, *rest = _before[0]
        gc.set_threshold(max(often, _OBJECTS) if often else 0, *rest)
    try:
        yield
    finally:
        with _lock:
            own = _before[0]
            _before.pop()
            if not _before:
                gc.set_threshold(*own)
