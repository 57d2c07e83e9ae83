"""How do a person and a program talk in the terminal?

A line is a reply. A line of three double quotes opens a reply of several lines, and another one closes it.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

QUOTES = '"""'


def show(console: Console, prompt: str, heading: str) -> None:
    """Show what somebody is told."""
    console.print()
    console.print(Text.assemble((heading, "bold cyan"), prompt))


def read_reply(read: Callable[[str], str], ask: str) -> str:
    """Read one line, or the lines between two lines of three quotes."""
    line = read(ask)
    if line.strip() != QUOTES:
        return line
    lines: list[str] = []
    while (line := read("... ")).strip() != QUOTES:
        lines.append(line)
    return "\n".join(lines)
