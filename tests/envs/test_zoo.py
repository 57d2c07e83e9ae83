import subprocess
import sys
import warnings

import pytest

from syllogym.envs import make
from syllogym.errors import UserError

pytest.importorskip("pettingzoo")

from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test

from syllogym.envs.zoo import zoo_names

NAMES = ["games/tictactoe", "games/rock_paper_scissors", "games/guess_number"]
TEXT_IS_NO_ARRAY = {
    "Observation is not a NumPy array",
    "Observation space for each agent probably should be gymnasium.spaces.box or gymnasium.spaces.discrete",
    "Action space for each agent probably should be gymnasium.spaces.box or gymnasium.spaces.discrete",
}


@pytest.mark.parametrize("name", NAMES)
def test_api_test_warns_of_nothing_but_that_text_is_no_array(name: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        api_test(make(name).aec(), num_cycles=50)
    assert {str(warning.message) for warning in caught} == TEXT_IS_NO_ARRAY


@pytest.mark.parametrize("name", NAMES)
def test_parallel_api_test_passes(name: str) -> None:
    parallel_api_test(make(name).parallel(), num_cycles=50)


@pytest.mark.parametrize("name", NAMES)
def test_seed_test_passes(name: str) -> None:
    seed_test(lambda: make(name).aec(), num_cycles=50)


@pytest.mark.parametrize("name", NAMES)
def test_parallel_seed_test_passes(name: str) -> None:
    parallel_seed_test(lambda: make(name).parallel(), num_cycles=50)


def test_agents_get_names_of_pettingzoo_s_form() -> None:
    assert zoo_names(("X", "O", "expert/math")) == {"X": "x_0", "O": "o_1", "expert/math": "expertmath_2"}


def test_names_of_that_form_are_kept() -> None:
    assert zoo_names(("player_0", "player_1")) == {"player_0": "player_0", "player_1": "player_1"}


def test_agents_that_move_at_once_do_not_see_each_other_s_reply() -> None:
    aec = make("games/rock_paper_scissors").aec()
    aec.reset(seed=0)
    aec.step("rock")
    assert aec.agent_selection == "player_1" and "rock." not in aec.observe("player_1")


def test_a_whole_game_pays_each_agent_its_due() -> None:
    aec = make("games/tictactoe").aec()
    aec.reset(seed=0)
    earned = dict.fromkeys(aec.agents, 0.0)
    moves = iter(["1", "4", "2", "5", "3"])
    for agent in aec.agent_iter():
        _, reward, terminated, truncated, _ = aec.last()
        earned[agent] += reward
        aec.step(None if terminated or truncated else next(moves))
    assert earned == {"x_0": 1.0, "o_1": -1.0}


def test_the_parallel_view_says_whose_turn_it_is() -> None:
    parallel = make("games/tictactoe").parallel()
    _, infos = parallel.reset(seed=0)
    assert {agent: info["to_act"] for agent, info in infos.items()} == {"x_0": True, "o_1": False}


def test_none_from_an_agent_that_is_alive_is_refused() -> None:
    aec = make("games/tictactoe").aec()
    aec.reset(seed=0)
    with pytest.raises(UserError, match="x_0 is alive"):
        aec.step(None)


def test_without_pettingzoo_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['pettingzoo'] = None; import syllogym; syllogym.make('games/tictactoe').aec()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "syllogym[pettingzoo]"' in done.stderr.splitlines()[-1]
