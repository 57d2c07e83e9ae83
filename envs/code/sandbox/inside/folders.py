"""How is a folder that hostile code had for itself bounded and emptied, however deep and odd its contents are?"""

from __future__ import annotations

import contextlib
import os


def exceeds(folder: str, entries: int, size: int) -> bool:
    """Whether a folder holds more entries, or more bytes, than it may, or what cannot be looked into."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                for entry in found:
                    entries -= 1
                    with contextlib.suppress(FileNotFoundError):  # removed just now; it was there all the same
                        size -= entry.stat(follow_symlinks=False).st_blocks * 512
                    if entries < 0 or size < 0:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:  # locked, or too deep to be named
            return True
    return False


def empty(folder: str) -> bool:
    """Remove all that is in a folder; return whether it is empty now."""
    try:
        with os.scandir(folder) as found:
            entries = list(found)
        if not entries:
            return True
        for entry in entries:
            _remove(entry, folder)
        return not os.listdir(folder)
    except OSError:
        return False


def remove(folder: str) -> None:
    """Remove a folder and all that is in it, as far as that can be done."""
    empty(folder)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _remove(entry: os.DirEntry[str], top: str) -> None:
    """Remove a file or a tree of any depth: folders inside are moved up first, so that no path grows long."""
    if not entry.is_dir(follow_symlinks=False):
        os.unlink(entry.path)
        return
    waiting = [entry.path]
    os.chmod(entry.path, 0o700)
    while waiting:
        folder = waiting.pop()
        with os.scandir(folder) as found:
            inside = list(found)
        for one in inside:
            if one.is_dir(follow_symlinks=False):
                os.chmod(one.path, 0o700)
                waiting.append(os.path.join(top, os.urandom(16).hex()))
                os.rename(one.path, waiting[-1])
            else:
                os.unlink(one.path)
        os.rmdir(folder)
