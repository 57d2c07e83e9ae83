import pytest

from syllogym.envs import make
from syllogym.envs.games.relay import Relay


def relay(said: str, answered: str) -> tuple[str, dict[str, float]]:
    """Play an episode with the digits 3 and 8 for the speaker and 5 for the listener; return what that one is told."""
    env = make("games/relay")
    assert isinstance(env, Relay)
    env.reset(seed=0)
    env.digits = ["3", "8", "5"]
    prompts, *_ = env.step({"speaker": said})
    return prompts["listener"].splitlines()[-1], env.step({"listener": answered})[1]


def test_both_are_paid_for_the_largest_of_three() -> None:
    assert relay("8", "8") == ("8", {"speaker": 1.0, "listener": 1.0})


@pytest.mark.parametrize(("said", "answered"), [("8", "5"), ("3", "3"), ("8", "the 8")])
def test_anything_else_pays_nobody(said: str, answered: str) -> None:
    assert relay(said, answered)[1] == {"speaker": 0.0, "listener": 0.0}


@pytest.mark.parametrize(("said", "heard"), [(" 83 5", "8"), ("", "?")])
def test_one_character_gets_through(said: str, heard: str) -> None:
    assert relay(said, "8")[0] == heard
