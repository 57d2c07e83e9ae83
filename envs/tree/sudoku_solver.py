"""Which solutions does a sudoku have? Bit masks of free digits; the cell with the fewest is filled first.

A grid is a text, row by row, with ``.`` for an empty cell. Boxes of 4x4 are 2 by 2, of 6x6 2 high and 3 wide.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from math import isqrt
from typing import NamedTuple

BOXES = {4: (2, 2), 6: (2, 3), 9: (3, 3)}
"""Height and width of the boxes, by the size of the grid."""

_BITS = [bin(mask).count("1") for mask in range(512)]


class Shape(NamedTuple):
    """Where things are in a grid of one size.

    Attributes:
        size: rows, columns and digits. boxes: of each cell. near: the cells that share a row, column or box with each.
        units: the cells of every row, column and box.
    """

    size: int
    boxes: tuple[int, ...]
    near: tuple[tuple[int, ...], ...]
    units: tuple[tuple[int, ...], ...]


@cache
def shape_of(size: int) -> Shape:
    """Return the shape of the grids of a size that `BOXES` has."""
    high, wide = BOXES[size]
    cells = range(size * size)
    boxes = tuple(cell // size // high * high + cell % size // wide for cell in cells)
    kinds = ([cell // size for cell in cells], [cell % size for cell in cells], boxes)
    units = tuple(tuple(cell for cell in cells if kind[cell] == which) for kind in kinds for which in range(size))
    near = tuple(tuple(sorted({one for unit in units if cell in unit for one in unit} - {cell})) for cell in cells)
    return Shape(size, boxes, near, units)


def size_of(grid: str) -> int:
    """Return the size of a grid; 0 for a text that is none."""
    size = isqrt(len(grid))
    digits = ".123456789"[: size + 1]
    return size if size in BOXES and size * size == len(grid) and all(cell in digits for cell in grid) else 0


def candidates(grid: str) -> list[int] | None:
    """Return the free digits of every cell as a bit mask (none of a filled one); None when two given digits clash."""
    shape = shape_of(size_of(grid))
    everything = (1 << shape.size) - 1
    free = [everything if cell == "." else 0 for cell in grid]
    for cell, digit in enumerate(grid):
        if digit != ".":
            bit = 1 << int(digit) - 1
            for other in shape.near[cell]:
                if grid[other] == digit:
                    return None
                free[other] &= ~bit
    return free


def solutions(grid: str, rng: random.Random | None = None) -> Iterator[str]:
    """Yield the solutions of a grid one after the other, in chance order under `rng`; none where digits clash."""
    free = candidates(grid)
    if free is not None:
        shape = shape_of(size_of(grid))
        empty = [cell for cell, digit in enumerate(grid) if digit == "."]
        yield from _fill(list(grid), free, empty, shape, rng)


def _fill(grid: list[str], free: list[int], empty: list[int], shape: Shape, rng: random.Random | None) -> Iterator[str]:
    if not empty:
        yield "".join(grid)
        return
    cell = min(empty, key=lambda one: _BITS[free[one]])
    mask, rest = free[cell], [one for one in empty if one != cell]
    if _BITS[mask] > 1 and (lone := _only_place(free, empty, shape)):
        cell, mask = lone
        rest = [one for one in empty if one != cell]
    digits = [digit for digit in range(shape.size) if mask >> digit & 1]
    if rng is not None:
        rng.shuffle(digits)
    for digit in digits:
        bit = 1 << digit
        after = free.copy()
        after[cell] = 0
        for other in shape.near[cell]:
            after[other] &= ~bit
        grid[cell] = str(digit + 1)
        if all(after[one] for one in rest):
            yield from _fill(grid, after, rest, shape, rng)
    grid[cell] = "."


def _only_place(free: list[int], empty: list[int], shape: Shape) -> tuple[int, int] | None:
    """Return a cell and its digit, where a row, column or box has no other place for that digit."""
    for unit in shape.units:
        once = twice = 0
        for cell in unit:
            twice |= once & free[cell]
            once |= free[cell]
        lone = once & ~twice
        if lone:
            bit = lone & -lone
            return next((cell, bit) for cell in unit if free[cell] & bit)
    return None
