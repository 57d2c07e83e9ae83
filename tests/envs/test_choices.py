"""Which replies does an environment say that it accepts now?"""

import random
from collections.abc import Sequence

import pytest

from syllogym.envs import Fault, Reply, TextEnv, Turn, make


class Door(TextEnv):
    """Say which door; it lists whatever the test hangs on it."""

    doors: Sequence[str] | None = None

    def on_reset(self, rng: random.Random) -> str:
        return "Which door?"

    def choices(self, agent: str) -> Sequence[str] | None:
        if self.doors == ["fire"]:
            raise RuntimeError("the door is on fire")
        return self.doors

    def on_step(self, reply: Reply) -> Turn:
        return Turn(over=True)


def offered_by(doors: Sequence[str] | None) -> tuple[str, ...] | None:
    env = Door()
    env.reset(seed=0)
    env.doors = doors
    return env.offered("agent")


def test_replies_are_free_text_unless_they_are_listed() -> None:
    assert offered_by(None) is None
    assert offered_by(["left", "right"]) == ("left", "right")


@pytest.mark.parametrize(
    ("doors", "told"), [([], "choices lists nothing for agent"), (["fire"], "choices raised RuntimeError")]
)
def test_an_empty_list_and_an_error_are_faults(doors: list[str], told: str) -> None:
    with pytest.raises(Fault, match=told):
        offered_by(doors)


def test_a_board_offers_its_free_cells() -> None:
    env = make("games/tictactoe")
    env.reset(seed=0)
    env.step({"X": "5"})
    assert env.offered("O") == ("1", "2", "3", "4", "6", "7", "8", "9")
