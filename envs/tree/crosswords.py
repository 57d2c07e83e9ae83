"""Can the agent solve a mini crossword, five words across and five down?"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_choice, check_range

SAMPLE = Path(__file__).with_name("crosswords.jsonl")
"""A few squares of our own, whose words across and down are the same; each word has two clues."""

Guesses: TypeAlias = tuple[tuple[str, ...], ...]

MEASURES = ("letters", "words", "games")

_THOUGHT = re.compile(r"([hv])([1-5])\s*[.:=]\s*([a-zA-Z]{5})\.?", re.ASCII)
_LINES = [f"{direction}{number}" for direction in "hv" for number in range(1, 6)]
_CELLS = [[5 * row + column for column in range(5)] for row in range(5)]
_CELLS += [[5 * row + column for row in range(5)] for column in range(5)]


class Square(NamedTuple):
    """Ten clues, across and then down, and the letters, row by row."""

    clues: tuple[str, ...]
    letters: str


class Crossword:
    """A mini crossword as a space of states: texts of 25 letters, row by row, with ``_`` for an empty cell.

    A thought fills a line, ``h1. agend`` across or ``v3. stone`` down; it is illegal to change a letter.

    Args:
        square: clues and letters. measure: what the score counts: the share of letters or of words that are right, or
            games, all or nothing. guesses: words that each clue brings to mind, for `moves`; none where nobody knows.
    """

    def __init__(self, square: Square, measure: str = "words", guesses: Guesses = ()) -> None:
        self.square, self.measure, self.guesses = square, measure, guesses
        clues = "\n".join(f"{line}. {clue}" for line, clue in zip(_LINES, square.clues, strict=True))
        self.prompt = (
            "A crossword of five by five letters: h1 to h5 go across, v1 to v5 down.\n"
            f"{clues}\nWrite the five rows, one a line."
        )

    def root(self) -> str:
        return "_" * 25

    def step(self, state: str, thought: str) -> str:
        said = _THOUGHT.fullmatch(thought.strip()[:100])
        if said is None:
            raise IllegalThought("A thought fills a line with a word of five letters, as in h1. agend")
        line = _LINES.index(said[1] + said[2])
        if not _fits(state, line, said[3].lower()):
            raise IllegalThought(f"{said[3]} does not fit into {_LINES[line]}, which is {_at(state, line)}.")
        letters = list(state)
        for cell, letter in zip(_CELLS[line], said[3].lower(), strict=True):
            letters[cell] = letter
        return "".join(letters)

    def show(self, state: str) -> str:
        return "\n".join(" ".join(_at(state, row)) for row in range(5))

    def ended(self, state: str) -> bool:
        return "_" not in state or (bool(self.guesses) and not self.moves(state))

    def answer(self, state: str) -> str | None:
        return None if "_" in state else self._rows(state)

    def score(self, answer: str) -> float:
        letters = re.sub(r"[\s,;|]", "", answer).lower()
        return self._measured(letters) if len(letters) == 25 else 0.0

    def moves(self, state: str) -> Sequence[str] | None:
        """List the guesses that still fit into lines which are not full."""
        if not self.guesses:
            return None
        open_lines = [line for line in range(10) if "_" in _at(state, line)]
        return [f"{_LINES[at]}. {word}" for at in open_lines for word in self.guesses[at] if _fits(state, at, word)]

    def promise(self, state: str) -> float:
        """Return the score when everything that is still empty is filled rightly."""
        pairs = zip(state, self.square.letters, strict=True)
        return self._measured("".join(right if letter == "_" else letter for letter, right in pairs))

    def solutions(self) -> frozenset[str]:
        return frozenset({self.solve()})

    def solve(self) -> str:
        return self._rows(self.square.letters)

    def _measured(self, letters: str) -> float:
        right = self.square.letters
        if self.measure == "letters":
            return sum(a == b for a, b in zip(letters, right, strict=True)) / 25
        words = sum(_at(letters, line) == _at(right, line) for line in range(10))
        return words / 10 if self.measure == "words" else float(words == 10)

    @staticmethod
    def _rows(letters: str) -> str:
        return "\n".join(letters[start : start + 5] for start in range(0, 25, 5))


@register()
class Crosswords(Puzzle):
    """Solve a mini crossword from its clues.

    Options:
        measure: ``letters``, ``words`` or ``games``, see `Crossword`.
        guesses: words that come to mind at each clue, the right one and others of the file's, for searches without a
            language model; 0 for none.
        file: squares as ToT's authors keep them (JSON: a list of pairs, ten clues and 25 letters), not our own few.
    """

    levels = {"measure": ("letters", "words", "games")}

    def draw(
        self, rng: random.Random, measure: str = "words", guesses: int = 4, file: str = ""
    ) -> tuple[str, Crossword]:
        check_choice("measure", measure, MEASURES)
        check_range("guesses", guesses, 0, 100)
        square = rng.choice(_read(file)) if file else _own(rng)
        others = sorted({_at(one.letters, line) for one in _read(file) for line in range(10)} if file else _own_words())
        right = [_at(square.letters, line) for line in range(10)]
        mind = tuple(tuple(_mixed(rng, word, others, guesses)) for word in right) if guesses else ()
        task = Crossword(square, measure, mind)
        return task.prompt, task


def _mixed(rng: random.Random, word: str, others: Sequence[str], count: int) -> list[str]:
    found = [word, *rng.sample([other for other in others if other != word], min(count, len(others)) - 1)]
    rng.shuffle(found)
    return found


def _at(letters: str, line: int) -> str:
    return "".join(letters[cell] for cell in _CELLS[line])


def _fits(state: str, line: int, word: str) -> bool:
    return all(state[cell] in ("_", letter) for cell, letter in zip(_CELLS[line], word, strict=True))


@lru_cache(maxsize=1)
def _sample() -> tuple[tuple[list[str], list[list[str]]], ...]:
    rows = map(json.loads, SAMPLE.read_text(encoding="utf-8").splitlines())
    return tuple((row["words"], row["clues"]) for row in rows)


def _own_words() -> set[str]:
    return {word for words, _ in _sample() for word in words}


def _own(rng: random.Random) -> Square:
    """Draw a square, and for each word which of its clues goes across and which down."""
    words, clues = rng.choice(_sample())
    pairs = [rng.sample(pair, 2) for pair in clues]
    return Square((*(across for across, _ in pairs), *(down for _, down in pairs)), "".join(words))


@lru_cache(maxsize=4)
def _read(file: str) -> tuple[Square, ...]:
    path = Path(file).expanduser()
    if not path.is_file():
        raise UserError(f"There is no file {file!r}.")
    try:
        return tuple(_square(place, *pair) for place, pair in enumerate(json.loads(path.read_text(encoding="utf-8"))))
    except (TypeError, ValueError) as error:
        raise UserError(f"{file} is no list of crosswords, each ten clues and 25 letters: {error}") from error


def _square(place: int, clues: Sequence[str], letters: Sequence[str]) -> Square:
    found = Square(tuple(map(str, clues)), "".join(letters).lower())
    if len(found.clues) != 10 or len(found.letters) != 25:
        raise ValueError(f"number {place} has {len(found.clues)} clues and {len(found.letters)} letters")
    return found
