"""How is a folder that hostile code had for itself bounded and emptied, however deep and odd its contents are?"""

from __future__ import annotations

import contextlib
import os


def exceeds(folder: str, entries: int, size: int) -> bool:
    """Whether a folder holds more entries, or more bytes, than it may; stops looking as soon as it does."""
    waiting = [folder]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as found:
            for entry in found:
                entries -= 1
                size -= entry.stat(follow_symlinks=False).st_blocks * 512
                if entries < 0 or size < 0:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return False


def empty(folder: str) -> bool:
    """Remove all that is in a folder; return whether it is empty now."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
        for at, entry in enumerate(entries):
            if entry.is_dir(follow_symlinks=False):
                _flatten(entry.path, os.path.join(folder, f".flat{at}."))
            else:
                os.unlink(entry.path)
        return not entries or not os.listdir(folder)
    except OSError:
        return False


def remove(folder: str) -> None:
    """Remove a folder and all that is in it, as far as that can be done."""
    empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _flatten(top: str, prefix: str) -> None:
    """Remove a tree of any depth: folders inside are moved up first, so that no path grows long."""
    waiting, moved = [top], 0
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as found:
            for entry in list(found):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{prefix}{moved}")
                    moved += 1
                    os.rename(entry.path, waiting[-1])
                else:
                    os.unlink(entry.path)
        os.rmdir(folder)
