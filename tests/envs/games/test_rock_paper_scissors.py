import pytest

from syllogym.envs import make


def round_of(first: str, second: str, rounds: int = 1) -> list[float]:
    env = make("games/rock_paper_scissors", rounds=rounds)
    env.reset(seed=0)
    return list(env.step({"player_0": first, "player_1": second})[1].values())


@pytest.mark.parametrize(("winner", "loser"), [("rock", "scissors"), ("paper", "rock"), ("scissors", "paper")])
def test_the_better_move_wins_from_either_seat(winner: str, loser: str) -> None:
    assert (round_of(winner, loser), round_of(loser, winner)) == ([1.0, -1.0], [-1.0, 1.0])


def test_equal_moves_pay_nothing() -> None:
    assert round_of("rock", "Rock ") == [0.0, 0.0]


def test_an_unreadable_move_costs_its_share_and_pays_nobody() -> None:
    assert round_of("stone", "paper", rounds=4) == [-0.25, 0.0]


def test_an_episode_lasts_its_rounds() -> None:
    env = make("games/rock_paper_scissors", rounds=3)
    env.reset(seed=0)
    ends = [env.step({"player_0": "rock", "player_1": "paper"})[2] for _ in range(3)]
    assert ends == [False, False, True]


def test_both_are_told_both_moves() -> None:
    env = make("games/rock_paper_scissors")
    env.reset(seed=0)
    prompts, *_ = env.step({"player_0": "rock", "player_1": "lizard"})
    assert prompts["player_0"] == prompts["player_1"] == "Round 1. player_0: rock; player_1: no move."
