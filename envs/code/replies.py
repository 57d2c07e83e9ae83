"""Which program does a reply give? The last finished block of Python between fences."""

from __future__ import annotations

import re

ASK = "Put the program into a block that begins with ```python and ends with ```."
"""How a prompt asks for a program in this form."""

LONGEST = 100_000
"""Characters a program may have."""

_FENCE = re.compile(r"^[ \t]*`{3,}", re.MULTILINE)
_LANGUAGES = ("", "python", "python3", "py")


def program_in(reply: str) -> str | None:
    """Return the last block of a reply that is marked as Python, or not marked; None when there is none.

    A reply that is cut off inside a block gives none: its last word counts, and that was not finished.
    """
    pieces = _FENCE.split(reply)
    if len(pieces) % 2 == 0:
        return None
    for block in reversed(pieces[1::2]):
        told, newline, program = block.partition("\n")
        language = (told.split() or [""])[0].lower()
        if newline and language in _LANGUAGES and "`" not in told:
            return program if len(program) <= LONGEST else None
    return None


def as_reply(program: str) -> str:
    """Write a program in the form that `program_in` reads."""
    return f"```python\n{program.strip(chr(10))}\n```"
