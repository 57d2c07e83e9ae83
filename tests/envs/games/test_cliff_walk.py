import pytest

from syllogym.envs import make


def walked(*moves: str) -> tuple[str, list[float], bool]:
    """Walk from the start; return where the walker is seen, what each step paid, and whether the goal is reached."""
    env = make("games/cliff_walk")
    env.reset(seed=0)
    played = [env.step(move) for move in moves]
    return str(played[-1][0]), [reward for _, reward, *_ in played], played[-1][2]


def test_the_shortest_way_costs_13() -> None:
    _, paid, reached = walked("up", *["right"] * 11, "down")
    assert (sum(paid), reached) == (-13.0, True)


def test_the_safe_way_costs_17() -> None:
    _, paid, reached = walked(*["up"] * 3, *["right"] * 11, *["down"] * 3)
    assert (sum(paid), reached) == (-17.0, True)


def test_a_fall_costs_100_and_leads_back_to_the_start() -> None:
    seen, paid, reached = walked("up", "right", "down")
    assert (paid, reached) == ([-1.0, -1.0, -100.0], False)
    assert seen == "............\n............\n............\n@##########G"


@pytest.mark.parametrize("move", ["left", "down"])
def test_a_step_into_a_wall_is_a_step_on_the_spot(move: str) -> None:
    seen, paid, _ = walked(move)
    assert (seen.splitlines()[-1], paid) == ("@##########G", [-1.0])


def test_a_reply_that_is_no_direction_is_refused_and_costs_a_step() -> None:
    env = make("games/cliff_walk")
    env.reset(seed=0)
    assert env.step("north")[4]["reward"] == {"illegal": -1.0}
