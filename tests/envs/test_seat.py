import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs import Prompt, make
from syllogym.envs.seat import Seat
from syllogym.errors import UserError


def first_free(prompt: Prompt) -> str:
    return next((letter for letter in prompt[-18:] if letter.isdigit()), "0")


class Rock:
    def act(self, prompt: Prompt) -> str:
        return "rock"


def tictactoe(agent: str = "X") -> Seat:
    seat = make("games/tictactoe").seat(agent, others={"O" if agent == "X" else "X": first_free})
    assert isinstance(seat, Seat)
    return seat


def rock_paper_scissors(rounds: int) -> Seat:
    seat = make("games/rock_paper_scissors", rounds=rounds).seat("player_1", others={"player_0": Rock()})
    assert isinstance(seat, Seat)
    return seat


@pytest.mark.parametrize("seat", [tictactoe("X"), tictactoe("O"), rock_paper_scissors(5)])
def test_gymnasium_s_checker_finds_nothing(seat: Seat) -> None:
    check_env(seat, skip_render_check=True)


def test_the_others_move_until_it_is_this_agent_s_turn() -> None:
    prompt, _ = tictactoe("O").reset(seed=0)
    assert prompt.endswith("X took 1.\nX 2 3\n4 5 6\n7 8 9")


def test_a_win_of_the_other_is_this_agent_s_loss() -> None:
    seat = tictactoe("O")
    seat.reset(seed=0)
    steps = [seat.step(move) for move in ("4", "9")]
    assert [step[1:4] for step in steps] == [(0.0, False, False), (-1.0, True, False)]


def test_agents_that_move_at_once_are_asked_together() -> None:
    seat = rock_paper_scissors(rounds=1)
    seat.reset(seed=0)
    assert seat.step("paper")[1:3] == (1.0, True)


def test_the_reward_s_parts_are_in_the_info() -> None:
    seat = rock_paper_scissors(rounds=1)
    seat.reset(seed=0)
    assert seat.step("paper")[4]["reward"]["win"] == 1.0


def test_an_unknown_seat_is_refused() -> None:
    with pytest.raises(UserError, match="no agent 'Z'; it has X, O"):
        make("games/tictactoe").seat("Z", others={})


def test_a_missing_policy_is_named() -> None:
    with pytest.raises(UserError, match="a policy for each of O; it has none"):
        make("games/tictactoe").seat("X", others={})
