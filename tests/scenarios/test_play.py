"""Does a person see prompts, rewards by part, the running return and the end, in single-agent and team games?"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable

import pytest
from rich.console import Console

from syllogym.envs import Reply, Reward, TeamEnv, TextEnv, Turn
from syllogym.errors import UserError
from syllogym.scenarios.play import play


class Echo(TextEnv):
    """Pays half a point for each reply, with a malus for a short one, and a bonus at the end for the first."""

    name = "test/echo"
    max_turns = 2

    def on_reset(self, rng: random.Random) -> str:
        return f"Say {rng.randint(10, 99)}."

    def on_step(self, reply: Reply) -> Turn:
        return Turn(f"You said {reply!r}.", Reward(said=0.5, short=-0.25), over=reply == "stop")

    def settle(self) -> dict[int, float]:
        return {0: 2.0}


class Chain(TeamEnv):
    """Two agents say one word each."""

    name = "test/chain"
    agents = ("ann", "bob")

    def on_reset(self, rng: random.Random) -> dict[str, str]:
        return {"ann": "Begin.", "bob": "You are second."}

    def on_step(self, agent: str, reply: Reply) -> Turn:
        return Turn({"*": f"{agent} said {reply}."}, {"*": 1.0}, over=agent == "bob")


class SolvedChain(Chain):
    name = "test/solved_chain"

    def solve(self, agent: str) -> str:
        return f"solver of {agent}"


def typed(lines: Iterable[str]) -> Callable[[str], str]:
    """Return a reader that gives these lines and then behaves like Ctrl-D."""
    waiting = iter(lines)

    def read(ask: str) -> str:
        line = next(waiting, None)
        if line is None:
            raise EOFError
        return line

    return read


def played(env: TextEnv | TeamEnv, *lines: str, seat: str | None = None) -> tuple[dict[str, float], str]:
    out = io.StringIO()
    earned = play(env, Console(file=out, width=100), typed(lines), seed=3, seat=seat)
    return earned, out.getvalue()


def test_a_whole_episode_looks_like_this() -> None:
    earned, screen = played(Echo(), "hi", "stop")
    number = Echo().reset(seed=3)[0]
    assert screen.splitlines() == [
        "test/echo, seed 3",
        'One line is a reply; """ opens and closes a longer one; Ctrl-D leaves.',
        "",
        str(number),
        "reward: +0.25 (said +0.5, short -0.25), return so far +0.25",
        "",
        "You said 'hi'.",
        "reward: +0.25 (said +0.5, short -0.25), return so far +0.5",
        "",
        "You said 'stop'.",
        "reward for turn 1: +2 (reward +2), return so far +2.5",
        "",
        "The episode is over. Turns: 2; return 2.5.",
    ]
    assert earned == {"agent": 2.5}


def test_the_last_turn_is_told_as_a_cut() -> None:
    assert "The episode is cut off: no turns are left. Turns: 2" in played(Echo(), "a", "b")[1]


def test_three_quotes_open_and_close_a_reply_of_several_lines() -> None:
    assert "You said 'a\\n\\nb'." in played(Echo(), '"""', "a", "", "b", '"""', "stop")[1]


def test_text_in_brackets_is_shown_as_it_is() -> None:
    assert "You said '[red]x[/red]'." in played(Echo(), "[red]x[/red]", "stop")[1]


def test_leaving_early_is_polite_and_keeps_what_was_earned() -> None:
    earned, screen = played(Echo(), "hi")
    assert screen.splitlines()[-1] == "You left before the end. Turns: 1; return 0.25."
    assert earned == {"agent": 0.25}


def test_one_person_plays_all_seats_of_a_team() -> None:
    earned, screen = played(Chain(), "one", "two")
    assert screen.splitlines()[2:] == [
        "",
        "[to ann] Begin.",
        "ann's reward: +1 (reward +1), return so far +1",
        "bob's reward: +1 (reward +1), return so far +1",
        "",
        "[to bob] You are second.",
        "ann said one.",
        "ann's reward: +1 (reward +1), return so far +2",
        "bob's reward: +1 (reward +1), return so far +2",
        "",
        "[to ann] ann said one.",
        "bob said two.",
        "",
        "[to bob] bob said two.",
        "",
        "The episode is over. Turns: 2; ann's return 2, bob's return 2.",
    ]
    assert earned == {"ann": 2.0, "bob": 2.0}


def test_a_person_plays_one_seat_against_the_reference_solver() -> None:
    screen = played(SolvedChain(), "mine", seat="bob")[1]
    assert "ann > solver of ann" in screen
    assert "[to ann]" not in screen
    assert "bob said mine." in screen


def test_a_seat_that_does_not_exist_is_told_the_nearest() -> None:
    with pytest.raises(UserError, match=r"^test/chain has the seats ann, bob; not bbo\. Did you mean bob\?$"):
        played(Chain(), seat="bbo")


def test_a_seat_needs_a_solver_for_the_others() -> None:
    with pytest.raises(UserError, match=r"^test/chain has no reference solver for the other seats; leave --seat out"):
        played(Chain(), seat="bob")
