"""Can the agent find every way to read letters as digits in a sum? Thoughts give letters digits: ``S = 9``."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle, SolutionSet
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_range, check_span

_IS = re.compile(r"([A-Z])\s*=\s*(\d)", re.ASCII)
_MOST = 8  # solutions that fit into an answer
_FREEDOM = 3  # letters above the length of a word; sums with more of them hardly ever have few solutions
_TRIES = 5_000


class Alphametic(SolutionSet):
    """A sum of words as a space of states: texts such as ``D=7 E=5``, the letters in order.

    Different letters are different digits and no word begins with 0. Whatever contradicts the columns that are filled,
    from the right, is illegal.
    """

    def __init__(self, words: tuple[str, ...], total: str, most: int | None = None, graded: bool = False) -> None:
        self.words, self.total = words, total
        reach = max(map(len, (*words, total)))
        columns = [[word[-place] for word in (*words, total) if len(word) >= place] for place in range(1, reach + 1)]
        self.letters = tuple(dict.fromkeys(letter for column in columns for letter in column))
        self.firsts = frozenset(word[0] for word in (*words, total))
        super().__init__(frozenset(islice(readings(words, total, {}), most)), graded)
        self.prompt = (
            f"{' + '.join(words)} = {total}. Each letter stands for one digit, different letters for different digits, "
            f"and no word begins with 0. {self.asked('Give the solution.')} Write it as in "
            f"{' '.join(f'{letter}={digit}' for digit, letter in enumerate(sorted(self.letters)[:3], start=1))} ..."
        )

    def root(self) -> str:
        return ""

    def step(self, state: str, thought: str) -> str:
        given = _IS.findall(thought[:1_000])
        if not given or _IS.sub("", thought).strip(" ,;.\n\t"):
            raise IllegalThought("A thought gives letters digits, as in S = 9.")
        digits = _digits(state)
        for letter, digit in given:
            flaw = self._flaw(digits, letter, int(digit))
            if flaw:
                raise IllegalThought(flaw)
            digits[letter] = int(digit)
        return _written(digits)

    def show(self, state: str) -> str:
        digits = _digits(state)
        read = ["".join(str(digits.get(letter, letter)) for letter in word) for word in (*self.words, self.total)]
        return f"{state or 'No letter is known.'}\n{' + '.join(read[:-1])} = {read[-1]}"

    def ended(self, state: str) -> bool:
        return not self.moves(state)

    def answer(self, state: str) -> str | None:
        return state if len(_digits(state)) == len(self.letters) else None

    def read(self, answer: str) -> Iterator[str]:
        for line in answer.splitlines():
            if line.strip():
                yield _written({letter: int(digit) for letter, digit in _IS.findall(line.upper())})

    def moves(self, state: str) -> Sequence[str]:
        """List what the next letter can be, in the order of the columns from the right."""
        digits = _digits(state)
        letter = next((letter for letter in self.letters if letter not in digits), None)
        if letter is None:
            return ()
        return [f"{letter} = {digit}" for digit in range(10) if not self._flaw(digits, letter, digit)]

    def promise(self, state: str) -> float:
        """Say whether a solution lies behind a state."""
        known = set(state.split())
        return float(any(known <= set(solution.split()) for solution in self.wanted))

    def _flaw(self, digits: Mapping[str, int], letter: str, digit: int) -> str:
        """Say why a letter cannot be a digit; an empty text when it can."""
        if letter not in self.letters:
            return f"There is no {letter} in the sum."
        if letter in digits:
            return f"{letter} is {digits[letter]} already."
        if digit in digits.values():
            return f"Another letter is {digit} already."
        if digit == 0 and letter in self.firsts:
            return f"{letter} begins a word, so it is not 0."
        if not self._adds_up({**digits, letter: digit}):
            return f"With {letter} = {digit} the columns do not add up."
        return ""

    def _adds_up(self, digits: Mapping[str, int]) -> bool:
        """Check the columns from the right, as far as they are known."""
        carry = 0
        for place in range(1, len(self.total) + 1):
            column = [digits.get(word[-place]) for word in self.words if len(word) >= place]
            below = digits.get(self.total[-place])
            if below is None or None in column:
                return True
            carry, digit = divmod(carry + sum(digit or 0 for digit in column), 10)
            if digit != below:
                return False
        return carry == 0


def readings(words: Sequence[str], total: str, digits: dict[str, int], cell: int = 0, above: int = 0) -> Iterator[str]:
    """Yield every reading of a sum, column by column from the right; the total's digits follow from the others.

    Args:
        words, total: the sum. digits: of the letters that are read already.
        cell: the next letter to read, over all columns. above: sum of the column so far, with what was carried.
    """
    column, row = divmod(cell, len(words) + 1)
    if column == len(total):
        if not above:
            yield _written(digits)
        return
    last = row == len(words)
    word = total if last else words[row]
    if column >= len(word):
        yield from readings(words, total, digits, cell + 1, above)
        return
    letter = word[-1 - column]
    known = digits.get(letter)
    for digit in (above % 10,) if last else range(10) if known is None else (known,):
        ahead = above // 10 if last else above + digit
        if known == digit:
            yield from readings(words, total, digits, cell + 1, ahead)
        elif known is None and digit not in digits.values() and (digit or not _leads(letter, words, total)):
            digits[letter] = digit
            yield from readings(words, total, digits, cell + 1, ahead)
            del digits[letter]


def _leads(letter: str, words: Sequence[str], total: str) -> bool:
    return total[0] == letter or any(word[0] == letter for word in words)


@register()
class Alphametics(Puzzle):
    """Read letters as digits so that a sum of random words is right; the set of all ways is asked for.

    Options:
        addends: words that are added. length: letters of each. solutions: how many there are (from, to).
        graded: pay part of the solutions by F1; without it, only exactly all of them.
    """

    levels = {"length": (2, 3, 4)}

    def draw(
        self,
        rng: random.Random,
        addends: int = 2,
        length: int = 3,
        solutions: tuple[int, int] = (1, 4),
        graded: bool = False,
    ) -> tuple[str, Alphametic]:
        check_range("addends", addends, 2, 5)
        check_range("length", length, 2, 8)
        check_span("solutions", solutions, 1, _MOST)
        for _ in range(_TRIES):
            numbers = [rng.randrange(10 ** (length - 1), 10**length) for _ in range(addends)]
            if len(set("".join(map(str, (*numbers, sum(numbers)))))) > length + _FREEDOM:
                continue
            letters = rng.sample(string.ascii_uppercase, 10)
            *words, total = ("".join(letters[int(digit)] for digit in str(one)) for one in (*numbers, sum(numbers)))
            task = Alphametic(tuple(words), total, solutions[1] + 1, graded)
            if solutions[0] <= len(task.wanted) <= solutions[1]:
                return task.prompt, task
        raise UserError(f"None of {_TRIES} sums has {solutions[0]} to {solutions[1]} solutions; widen the options.")


def _digits(state: str) -> dict[str, int]:
    return {part[0]: int(part[2]) for part in state.split()}


def _written(digits: Mapping[str, int]) -> str:
    return " ".join(f"{letter}={digits[letter]}" for letter in sorted(digits))
