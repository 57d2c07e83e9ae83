import pytest

from syllogym.envs import make


def played(*moves: str) -> tuple[dict[str, float], bool]:
    env = make("games/tictactoe")
    env.reset(seed=0)
    for move in moves:
        _, rewards, terminated, _, _ = env.step({env.waiting[0]: move})
    return rewards, terminated


@pytest.mark.parametrize("line", ["123", "456", "789", "147", "258", "369", "159", "357"])
def test_three_in_a_row_wins_and_costs_the_other(line: str) -> None:
    others = [cell for cell in "5482196" if cell not in line][:2]
    moves = [line[0], others[0], line[1], others[1], line[2]]
    assert played(*moves) == ({"X": 1.0, "O": -1.0}, True)


def test_a_full_board_is_a_draw() -> None:
    assert played(*"123546879") == ({"X": 0.0, "O": 0.0}, True)


def test_a_win_with_the_last_cell_is_a_win() -> None:
    assert played(*"123546897") == ({"X": 1.0, "O": -1.0}, True)


@pytest.mark.parametrize("move", ["1", "0", "10", "", "X", "two", "²"])
def test_an_illegal_move_loses_and_pays_the_other_nothing(move: str) -> None:
    assert played("1", move) == ({"X": 0.0, "O": -1.0}, True)


def test_the_other_is_shown_the_board() -> None:
    env = make("games/tictactoe")
    env.reset(seed=0)
    prompts, *_ = env.step({"X": "5"})
    assert prompts["O"].endswith("X took 5.\n1 2 3\n4 X 6\n7 8 9")
