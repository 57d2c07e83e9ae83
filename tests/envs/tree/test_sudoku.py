import csv
from itertools import islice, product
from pathlib import Path

import pytest

import syllogym as sg
from syllogym.envs.tree.sudoku import SudokuSearch
from syllogym.envs.tree.sudoku_solver import candidates, shape_of, size_of, solutions
from syllogym.errors import UserError

TWO = "..24..1......4.."  # has three solutions
HARD = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."


def valid(grid: str) -> bool:
    return all(len({grid[cell] for cell in unit}) == len(unit) for unit in shape_of(size_of(grid)).units)


def test_the_solver_finds_what_trying_everything_finds() -> None:
    rows = ["".join(row) for row in product("1234", repeat=4) if len(set(row)) == 4]
    fits = [
        [row for row in rows if all(a in (b, ".") for b, a in zip(row, TWO[i : i + 4], strict=True))]
        for i in (0, 4, 8, 12)
    ]
    tried = {grid for parts in product(*fits) if valid(grid := "".join(parts))}
    assert set(solutions(TWO)) == tried and len(tried) == 3


def test_there_are_288_grids_of_four_rows() -> None:
    assert sum(1 for _ in solutions("." * 16)) == 288


def test_a_hard_puzzle_has_its_one_solution() -> None:
    (found,) = solutions(HARD)
    assert valid(found) and found.startswith("812753649943682175")


def test_digits_that_clash_have_no_solution() -> None:
    assert list(solutions("11" + "." * 14)) == [] and candidates("11" + "." * 14) is None


def test_boxes_of_six_rows_are_two_high_and_three_wide() -> None:
    assert shape_of(6).boxes[:12] == (0, 0, 0, 1, 1, 1) * 2 and shape_of(6).boxes[12] == 2


@pytest.mark.parametrize("wanted", [(1, 1), (2, 4)])
@pytest.mark.parametrize("size", [4, 6])
def test_a_drawn_puzzle_has_as_many_solutions_as_asked(size: int, wanted: tuple[int, int]) -> None:
    env = sg.make("tree/sudoku", size=size, solutions=wanted, blanks=0.8)
    for seed in range(5):
        env.reset(seed=seed)
        puzzle = env.search_task()
        every = set(islice(solutions(puzzle.grid), 9))
        assert set(puzzle.grids) == every and wanted[0] <= len(every) <= wanted[1]


def test_part_of_the_solutions_is_paid_by_f1_only_where_it_is_graded() -> None:
    every = frozenset(solutions(TWO))
    one = sorted(every)[0]
    assert SudokuSearch(TWO, every).score(one) == 0.0
    assert SudokuSearch(TWO, every, graded=True).score(one) == pytest.approx(2 * 1 / (1 + 3))
    assert SudokuSearch(TWO, every, graded=True).score(f"{one}\n{'1' * 16}") == pytest.approx(2 * 1 / (2 + 3))


def test_a_grid_may_be_written_row_by_row_or_in_one_line() -> None:
    every = frozenset(solutions(HARD))
    puzzle, (grid,) = SudokuSearch(HARD, every), every
    rows = [" ".join(grid[start : start + 9]) for start in range(0, 81, 9)]
    assert puzzle.score(grid) == puzzle.score("\n".join(rows)) == puzzle.score(", ".join(rows)) == 1.0


@pytest.mark.parametrize(
    ("thought", "told"),
    [
        ("r1c3 = 1", "holds 2 already"),
        ("r1c1 = 2", "stands in its row"),
        ("r5c1 = 1", "go from 1 to 4"),
        ("r1c1 = 1, so there", "A thought fills cells"),
    ],
)
def test_an_illegal_thought_is_told_why(thought: str, told: str) -> None:
    puzzle = SudokuSearch(TWO, frozenset(solutions(TWO)))
    with pytest.raises(Exception, match=told):
        puzzle.step(puzzle.root(), thought)


def test_a_thought_may_fill_several_cells() -> None:
    puzzle = SudokuSearch(TWO, frozenset(solutions(TWO)))
    assert puzzle.step(TWO, "r1c1 = 1; r1c2=3") == "13" + TWO[2:]


@pytest.mark.parametrize("text", ["0100000000000004\n", "x .1............4. 7.3\n"])
def test_puzzles_are_read_from_lines(tmp_path: Path, text: str) -> None:
    file = tmp_path / "puzzles.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="None of 200 sudokus has 1 to 1 solutions"):
        sg.make("tree/sudoku", file=str(file)).reset(seed=0)


def test_a_line_without_a_sudoku_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "puzzles.txt"
    file.write_text("hello\n", encoding="utf-8")
    with pytest.raises(UserError, match="'hello' holds no sudoku"):
        sg.make("tree/sudoku", file=str(file)).reset(seed=0)


def test_the_real_puzzles_of_four_rows_are_solved_as_they_say(shared_data: Path) -> None:
    with (shared_data / "data/sudoku/4x4_test_sudoku.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    counts = []
    for row in rows:
        found = set(solutions(row["Puzzle"].replace("0", ".")))
        assert row["Solution"] in found
        counts.append(len(found))
    assert len(rows) == 247 and sum(count > 1 for count in counts) > 40
