"""Where does a sentence of a Coq proof end? Split here, since Coq is given one at a time, and only judged ones.

Comments become blanks before Coq sees anything, so it cannot find a border elsewhere than we do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 100_000
"""Characters that a proof may have."""

_MARK = re.compile(r'\(\*|\*\)|"')
_LONE = re.compile(r"(?:(?:\d+|\[\s*[A-Za-z_]\w*\s*\])\s*:\s*)?\{|\}|-+|\++|\*+", re.ASCII)
_END = re.compile(r"\.(?=\s|\Z)")
_BLANK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A bullet, a brace, or what ends with a full stop.

    Attributes:
        text: without comments. bare: the same with strings made blank. start: its place in the proof, in characters.
    """

    text: str
    bare: str
    start: int


class Unreadable(Exception):
    """A text that is no row of sentences; `place` is where, in characters."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


def split(proof: str, open_end: bool = False) -> list[Sentence]:
    """Return the sentences of a proof.

    Args:
        proof: the text.
        open_end: whether the last full stop may lack; it is added.

    Raises:
        Unreadable: if a comment, a string or a sentence does not end, or there are characters that cannot be seen.
    """
    if len(proof) > LONGEST:
        raise Unreadable(f"A proof has at most {LONGEST:,} characters.", LONGEST)
    for place, character in enumerate(proof):
        if not character.isprintable() and character not in "\n\t\r":
            raise Unreadable(f"The character U+{ord(character):04X} may not stand in a proof.", place)
    text, bare = _without_comments(proof)
    found = []
    place = 0
    while begin := _BLANK.search(bare, place):
        place = begin.start()
        found_end = _LONE.match(bare, place) or _END.search(bare, place)
        if found_end is None and not open_end:
            raise Unreadable("A sentence ends with a full stop and a space or a new line behind it.", place)
        end, stop = (found_end.end(), "") if found_end else (len(bare.rstrip()), ".")
        found.append(Sentence(text[place:end] + stop, bare[place:end] + stop, place))
        place = end
    return found


def position(text: str, place: int) -> tuple[int, int]:
    """Return line and column, from 1, of a place in a text."""
    before = text[:place]
    return before.count("\n") + 1, place - before.rfind("\n")


def _without_comments(proof: str) -> tuple[str, str]:
    """Return the proof with comments made blank, and with strings made blank too; places stay the same."""
    text, bare = list(proof), list(proof)
    depth, opened, place = 0, 0, 0
    while mark := _MARK.search(proof, place):
        begin, place = mark.span()
        if mark[0] == '"':
            place = proof.find('"', place) + 1
            if not place:
                raise Unreadable("A string does not end.", begin)
            if not depth:
                _blank(bare, begin + 1, place - 1)
        elif mark[0] == "(*":
            opened = opened if depth else begin
            depth += 1
        elif not depth:
            raise Unreadable("A comment ends that did not begin.", begin)
        else:
            depth -= 1
            if not depth:
                _blank(text, opened, place)
                _blank(bare, opened, place)
    if depth:
        raise Unreadable("A comment does not end.", opened)
    return "".join(text), "".join(bare)


def _blank(characters: list[str], begin: int, end: int) -> None:
    for place in range(begin, end):
        if characters[place] not in "\r\n":
            characters[place] = " "
