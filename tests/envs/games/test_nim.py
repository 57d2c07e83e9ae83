import pytest

from syllogym.envs import make


def begun(*heaps: int) -> object:
    env = make("games/nim")
    env.reset(seed=0)
    env.heaps = list(heaps)
    return env


def test_who_takes_the_last_wins_and_costs_the_other() -> None:
    env = begun(2, 3)
    assert env.step({"first": "2 2"})[1:3] == ({"first": 0.0, "second": 0.0}, False)
    assert env.step({"second": "0 2"})[1:3] == ({"first": 0.0, "second": 0.0}, False)
    assert env.step({"first": "0 0"})[1:3] == ({"first": 1.0, "second": -1.0}, True)


@pytest.mark.parametrize("move", ["2 3", "3 3", "1 2", "2 4", "-1 3", "2", "", "0  3", "all"])
def test_an_illegal_move_costs_more_than_to_lose_and_pays_the_other_nothing(move: str) -> None:
    assert begun(2, 3).step({"first": move})[1:3] == ({"first": -2.0, "second": 0.0}, True)


def test_the_other_is_shown_what_was_left() -> None:
    assert str(begun(2, 3).step({"first": "2 2"})[0]["second"]).endswith("Heaps 2 2")


def test_the_solver_leaves_equal_heaps_or_else_something_legal() -> None:
    assert begun(7, 3).solve("first") == "3 3"
    env = begun(3, 3)
    assert env.solve("first") in env.choices("first")


def test_the_first_can_always_win_to_begin_with() -> None:
    env = make("games/nim", high=3)
    beginnings = set()
    for seed in range(200):
        env.reset(seed=seed)
        beginnings.add(tuple(env.heaps))
    assert beginnings == {(a, b) for a in range(4) for b in range(4) if a != b}
