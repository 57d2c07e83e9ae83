"""Can the agent find every solution of a sudoku? Thoughts fill cells: ``r1c2 = 4``."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle, SolutionSet
from syllogym.envs.tree.puzzle_files import is_text, only, read_lines, read_table
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.tree.sudoku_solver import BOXES, candidates, size_of, solutions
from syllogym.errors import UserError, check_choice, check_span

_FILL = re.compile(r"r(\d)c(\d)\s*=\s*(\d)", re.ASCII | re.IGNORECASE)
_MOST = 5  # solutions that fit into an answer
_TRIES = 200


class SudokuSearch(SolutionSet):
    """A sudoku as a space of states, which are grids: texts, row by row, with ``.`` for an empty cell."""

    def __init__(self, grid: str, wanted: frozenset[str], graded: bool = False) -> None:
        self.grid, self.grids = grid, wanted
        self.size = size_of(grid)
        super().__init__(frozenset(_written(one, self.size) for one in wanted), graded)
        high, wide = BOXES[self.size]
        self.prompt = (
            f"Sudoku: every row, column and box ({high} high, {wide} wide) holds every digit from 1 to {self.size}.\n"
            f"{self.show(grid)}\n{self.asked('Give the solution.')} "
            "Write the rows from top to bottom, with spaces between them."
        )

    def root(self) -> str:
        return self.grid

    def step(self, state: str, thought: str) -> str:
        fills = _FILL.findall(thought[:1_000])
        if not fills or _FILL.sub("", thought).strip(" ,;.\n\t"):
            raise IllegalThought("A thought fills cells, as in r1c2 = 4.")
        for row, column, digit in fills:
            state = self._filled(state, int(row), int(column), digit)
        return state

    def _filled(self, state: str, row: int, column: int, digit: str) -> str:
        if not all(1 <= number <= self.size for number in (row, column, int(digit))):
            raise IllegalThought(f"Rows, columns and digits go from 1 to {self.size}.")
        cell = (row - 1) * self.size + column - 1
        if state[cell] != ".":
            raise IllegalThought(f"r{row}c{column} holds {state[cell]} already.")
        free = candidates(state)
        if free is None or not free[cell] >> int(digit) - 1 & 1:
            raise IllegalThought(f"r{row}c{column} cannot be {digit}: it stands in its row, column or box already.")
        return state[:cell] + digit + state[cell + 1 :]

    def show(self, state: str) -> str:
        return "\n".join(state[start : start + self.size] for start in range(0, len(state), self.size))

    def ended(self, state: str) -> bool:
        return "." not in state or not self.moves(state)

    def answer(self, state: str) -> str | None:
        return None if "." in state else _written(state, self.size)

    def read(self, answer: str) -> Iterator[str]:
        """Yield the grids in an answer: one a line, or a row a line."""
        lines = [re.sub(r"[\s,;|]", "", line) for line in answer.splitlines()]
        lines = [line for line in lines if line]
        if lines and all(len(line) == self.size for line in lines):
            lines = ["".join(lines[start : start + self.size]) for start in range(0, len(lines), self.size)]
        yield from (_written(line, self.size) for line in lines)

    def moves(self, state: str) -> Sequence[str]:
        """List the digits of the cell with the fewest: every solution is found through them, each but once."""
        free = candidates(state) or []
        empty = [cell for cell, digit in enumerate(state) if digit == "."]
        if not free or not all(free[cell] for cell in empty):
            return ()
        cell = min(empty, key=lambda one: free[one].bit_count(), default=0)
        place = f"r{cell // self.size + 1}c{cell % self.size + 1}"
        return [f"{place} = {digit + 1}" for digit in range(self.size) if free[cell] >> digit & 1]

    def promise(self, state: str) -> float:
        """Say whether a solution lies behind a state."""
        return float(any(all(a in (b, ".") for a, b in zip(state, grid, strict=True)) for grid in self.grids))


@register()
class Sudoku(Puzzle):
    """Fill a grid by the rules; where it has several solutions the set of all is asked for.

    Options:
        size: 4, 6 or 9. blanks: share of empty cells, at the most. solutions: how many there are (from, to).
        graded: pay part of the solutions by F1; without it, only exactly all of them.
        file: puzzles of a text file (a grid a line, ``.`` or 0 for empty) or a table, instead of drawn ones; only those
            with so many solutions. field: of the table.
    """

    levels = {"size": (4, 6, 9)}

    def draw(
        self,
        rng: random.Random,
        size: int = 6,
        blanks: float = 0.5,
        solutions: tuple[int, int] = (1, 1),
        graded: bool = False,
        file: str = "",
        field: str = "Puzzle",
    ) -> tuple[str, SudokuSearch]:
        check_choice("size", size, list(BOXES))
        check_span("solutions", solutions, 1, _MOST)
        if not 0 < blanks <= 1:
            raise UserError(f"blanks is the share of empty cells, above 0 and up to 1; not {blanks!r}.")
        for _ in range(_TRIES):
            grid = _read(rng, file, field) if file else _dug(rng, size, round(blanks * size * size), solutions)
            wanted = _all(grid, solutions[1] + 1)
            if solutions[0] <= len(wanted) <= solutions[1]:
                task = SudokuSearch(grid, wanted, graded)
                return task.prompt, task
        raise UserError(f"None of {_TRIES} sudokus has {solutions[0]} to {solutions[1]} solutions; widen the options.")


def _all(grid: str, most: int) -> frozenset[str]:
    return frozenset(islice(solutions(grid), most))


def _dug(rng: random.Random, size: int, blanks: int, wanted: tuple[int, int]) -> str:
    """Empty cells of a full grid in chance order, as long as it has no more solutions than wanted."""
    grid = next(solutions("." * size**2, rng))
    for cell in rng.sample(range(size**2), size**2):
        emptied = f"{grid[:cell]}.{grid[cell + 1 :]}"
        if len(_all(emptied, wanted[1] + 1)) <= wanted[1]:
            grid = emptied
        if grid.count(".") >= blanks:
            break
    return grid


def _read(rng: random.Random, file: str, field: str) -> str:
    cell = rng.choice(read_lines(file)) if is_text(file) else only(rng.choice(read_table(file)), field, file)
    text = cell if isinstance(cell, str) else str(cell).zfill(16)  # a table takes 0104... for a number, 104...
    for part in (*text.split(), re.sub(r"[^\d.*_]", "", text)):
        grid = re.sub(r"[0*_]", ".", part)
        if size_of(grid):
            return grid
    raise UserError(f"{file}: {text[:100]!r} holds no sudoku of 4, 6 or 9 rows; empty cells are . or 0.")


def _written(grid: str, size: int) -> str:
    return " ".join(grid[start : start + size] for start in range(0, len(grid), size))
