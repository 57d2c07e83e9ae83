"""What did the real REPL say? Its recorded transcripts, where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def transcripts(shared: Path) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Yield each transcript's name, its requests, and the answers to them."""
    for asked in sorted((shared / "data" / "lean_repl_transcripts").glob("*.in")):
        told = asked.with_suffix(".expected.out")
        if told.exists():
            yield asked.stem, objects(asked), objects(told)


def objects(path: Path) -> list[Any]:
    """Return the JSON objects that stand in a file one after the other."""
    text, place, found = path.read_text(encoding="utf-8").strip(), 0, []
    while place < len(text):
        one, place = json.JSONDecoder(strict=False).raw_decode(text, place)
        found.append(one)
        place += len(text[place:]) - len(text[place:].lstrip())
    return found
