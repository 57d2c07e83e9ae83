"""Which statements does a Metamath file hold? Comments and includes are resolved here; symbols and labels are not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from syllogym.errors import UserError

INCLUDES = 100
"""Files that one database may include."""

_KEYWORDS = frozenset("cvfeapd{}[(")
_LABELLED = frozenset("feap")
_STRANGE = re.compile(r"[^\x21-\x7e \t\n\r\f]")
_WORD = re.compile(r"\S+")
_COMMENT_MARK = re.compile(r"\$[()]")
_SPACE = " \t\n\r\f"


class MetamathError(UserError):
    """Something in a database or a proof that is against the rules; line and column count from 1."""

    def __init__(self, message: str, source: Source | None = None, at: int = 0) -> None:
        self.reason = message
        self.line: int | None = None
        self.column: int | None = None
        if source:
            self.line, self.column = source.place(at)
        super().__init__(f"{source.name}:{self.line}:{self.column}: {message}" if source else message)


class Source:
    """A text with a name, in which places are found.

    Args:
        name: shown in messages. text: the whole of it. folder: where included files are; None where there are none.
    """

    def __init__(self, name: str, text: str, folder: Path | None = None) -> None:
        self.name, self.text, self.folder = name, text, folder
        if strange := _STRANGE.search(text):
            raise MetamathError(f"The character {strange[0]!r} is not allowed: files are ASCII.", self, strange.start())

    @classmethod
    def of(cls, path: Path) -> Source:
        """Read a file."""
        try:
            return cls(path.name, path.read_bytes().decode("latin-1"), path.resolve().parent)
        except OSError as error:
            raise UserError(f"The Metamath database {str(path)!r} cannot be read: {error.strerror}.") from error

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column of an offset, from 1."""
        line = bisect_left(self._line_ends, at)
        return line + 1, at - (self._line_ends[line - 1] if line else -1)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def word(self, body: str, at: int, number: int) -> int:
        """Return the offset of a word of a body that begins at an offset; of its end where there are fewer words."""
        words = [match.start() for match in _WORD.finditer(body)]
        return at + (words[number] if number < len(words) else len(body))


class Statement(NamedTuple):
    """One statement. Comments in bodies are blanked, so that offsets stay true.

    Attributes:
        keyword: the letter or bracket behind the dollar sign. label: empty where the kind has none.
        source, at: where it begins. body: what follows the keyword; body_at: where that begins.
        proof, proof_at: the same of what follows ``$=``.
    """

    keyword: str
    label: str
    source: Source
    at: int
    body: str = ""
    body_at: int = 0
    proof: str = ""
    proof_at: int = 0


def statements(source: Source) -> Iterator[Statement]:
    """Yield the statements of a file and of those that it includes."""
    seen = {source.folder / source.name} if source.folder else set()
    return _statements(source, seen)


def _statements(source: Source, seen: set[Path]) -> Iterator[Statement]:
    text, at, label, label_at, depth = source.text, 0, "", 0, 0
    while True:
        mark = text.find("$", at)
        words = text[at:mark].split() if mark >= 0 else text[at:].split()
        if len(words) + bool(label) > 1 or (words and mark < 0):
            wrong = source.word(text[at:mark] if mark >= 0 else text[at:], at, 1 - bool(label) if mark >= 0 else 0)
            raise MetamathError("This belongs to no statement.", source, wrong)
        if words:
            label, label_at = words[0], source.word(text[at:mark], at, 0)
        if mark < 0:
            break
        keyword = _keyword(source, mark)
        at = mark + 2
        if keyword == "(":
            at = _comment_end(source, mark)
            continue
        if keyword not in _KEYWORDS:
            raise MetamathError(f"{'$' + keyword!r} begins no statement.", source, mark)
        if bool(label) != (keyword in _LABELLED):
            missing = "needs a label" if not label else "has no label"
            raise MetamathError(f"A ${keyword} statement {missing}.", source, mark)
        if keyword == "[":
            if depth:
                raise MetamathError("Files are included outside ${ and $} only.", source, mark)
            name, at = _body(source, mark, "]")
            yield from _included(source, mark, name.split(), seen)
        elif keyword in "{}":
            depth += 1 if keyword == "{" else -1
            yield Statement(keyword, "", source, mark)
        elif keyword == "p":
            body, stop = _body(source, mark, "=")
            proof, at = _body(source, stop - 2, ".")
            yield Statement(keyword, label, source, mark, body, mark + 2, proof, stop)
        else:
            body, at = _body(source, mark, ".")
            yield Statement(keyword, label, source, mark, body, mark + 2)
        label = ""
    if label:
        raise MetamathError(f"The label {label} has no statement.", source, label_at)


def _keyword(source: Source, mark: int) -> str:
    """Return what follows a dollar sign, which must stand between spaces."""
    text = source.text
    word = _WORD.match(text, mark)
    if (mark and text[mark - 1] not in _SPACE) or word is None or len(word[0]) != 2:
        raise MetamathError("Only keywords have a '$', with white space around them.", source, mark)
    return word[0][1]


def _comment_end(source: Source, mark: int) -> int:
    end = _COMMENT_MARK.search(source.text, mark + 2)
    if end is None:
        raise MetamathError("This comment does not end.", source, mark)
    if end[0] == "$(":
        raise MetamathError("Comments do not stand in comments.", source, end.start())
    _keyword(source, end.start())
    return end.end()


def _body(source: Source, mark: int, closing: str) -> tuple[str, int]:
    """Return what stands from behind a keyword to another, comments blanked, and the offset behind that other."""
    text, pieces, at = source.text, [], mark + 2
    while True:
        stop = text.find("$", at)
        if stop < 0:
            raise MetamathError(f"This statement does not end: ${closing} is missing.", source, mark)
        keyword = _keyword(source, stop)
        pieces.append(text[at:stop])
        if keyword == closing:
            return "".join(pieces), stop + 2
        if keyword != "(":
            raise MetamathError(f"'${keyword}' stands where ${closing} is awaited.", source, stop)
        at = _comment_end(source, stop)
        pieces.append(" " * (at - stop))


def _included(source: Source, mark: int, names: list[str], seen: set[Path]) -> Iterator[Statement]:
    if len(names) != 1 or source.folder is None:
        raise MetamathError("A file is included by one name, from a file.", source, mark)
    path = (source.folder / names[0]).resolve()
    if not path.is_relative_to(source.folder) or not path.is_file():
        raise MetamathError(f"There is no file {names[0]!r} in the folder of this one.", source, mark)
    if path in seen:
        return
    seen.add(path)
    if len(seen) > INCLUDES:
        raise MetamathError(f"More than {INCLUDES} files are included.", source, mark)
    inner = Source.of(path)
    inner.folder = source.folder
    yield from _statements(inner, seen)
