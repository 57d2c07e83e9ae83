"""Does an episode that is run again on its recorded replies come out the same, and is every change told?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from syllogym import agents, envs
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, Request
from syllogym.agents.rerun import differences
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Reply, Reward, ToolCall, Turn, tool


@envs.register("test/duel")
class Duel(envs.TeamEnv):
    """Two say a number at once, three times; the referee, who never moves, and the first move are paid late."""

    agents = ("left", "right", "referee")
    max_turns = 9
    first = "Say a secret number"
    pay = 1.0

    def on_reset(self, rng: random.Random, top: int = 3) -> str:
        self.secret = rng.randint(0, top)
        return f"{self.first} up to {top}."

    def to_act(self) -> Sequence[str]:
        return ("left", "right")

    def on_step(self, agent: str, reply: Reply) -> Turn:
        right = float(str(self.secret) in reply)
        return Turn({"*": f"{agent}: {reply}"}, Reward(right=right * self.pay, cost=-0.25), over=self.turn == 2)

    def settle(self) -> Mapping[int, Any]:
        return {0: {"left": 0.5 * self.pay, "referee": 2.0}}


@envs.register("test/shop")
class Shop(envs.TextEnv):
    """Has a tool that tells a price."""

    def on_reset(self, rng: random.Random) -> str:
        return "What is the price?"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(reward=1.0, over=True)

    @tool
    def price(self, item: str) -> str:
        """Return the price of an item."""
        return f"{item} costs 3"


class Counts:
    """Says 0, 1, 2, ..."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        return Reply(str(request.env.turn), prompt_ids=[1], token_ids=[2], logprobs=[-0.5])


class Calls:
    """Calls a tool by means of the engine, then answers."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        calls = () if request.env.turn else (ToolCall("price", {"item": "apple"}),)
        return Reply("", tool_calls=calls)


def recorded(task: Task, player: Any) -> Episode:
    """Play a task and return it as it is read from a file."""
    return Episode.from_json(Rollouts({"*": player}).run([task])[0].to_json())


def duel() -> Episode:
    return recorded(Task("test/duel", 3, {"top": 2}, "train"), Counts())


@pytest.mark.parametrize(
    "task",
    [
        Task("games/tictactoe", 1),
        Task("games/rock_paper_scissors", 2, split="eval"),
        Task("games/relay", 3, split="train"),
        Task("games/guess_number", 5, {"high": 63}, max_turns=2),
    ],
)
def test_a_shipped_environment_comes_out_as_recorded(task: Task) -> None:
    assert differences(recorded(task, agents.get("random_text")())) == []


def test_simultaneous_moves_and_late_rewards_come_out_as_recorded() -> None:
    episode = duel()
    assert episode.idle == {"referee": 2.0}
    assert episode.part("reward", "left") == 0.5
    assert differences(episode) == []


def test_tool_calls_that_the_engine_parsed_are_made_again() -> None:
    episode = recorded(Task("test/shop", 0), Calls())
    assert [step.prompt[0]["role"] for step in episode.steps] == ["user", "tool"]
    assert differences(episode) == []


def test_a_bound_of_turns_that_was_not_recorded_is_missed() -> None:
    episode = recorded(Task("games/guess_number", 5, {"high": 63}, max_turns=2), Counts())
    found = differences(replace(episode, max_turns=None))
    assert found == [
        "it came to a halt: games/guess_number (seed 5): agent is asked in turn 2, where no reply of it was recorded"
    ]


def test_a_prompt_that_reads_differently_is_shown_where_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "first", "Name a secret number")
    found = differences(episode)
    assert found[0] == (
        "step 0 (left), prompt: recorded …'user', 'content': 'Say a secret number up to 2.'}], "
        "now …'user', 'content': 'Name a secret number up to 2.'}]"
    )
    assert [line[:23] for line in found] == ["step 0 (left), prompt: ", "step 1 (right), prompt:"]


def test_other_rewards_are_told_by_move_and_part(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "pay", 2.0)
    found = differences(episode)
    right = [at for at, step in enumerate(episode.steps) if step.parts["right"]]
    assert right
    assert f"step {right[-1]} (right), reward: recorded 0.75, now 1.75" in found
    assert {int(line.split()[1]) for line in found} == {0, *right}


def test_what_the_idle_are_paid_and_how_it_ends_is_compared() -> None:
    episode = duel()
    assert differences(replace(episode, idle={}, terminated=False)) == [
        "idle: recorded {}, now {'referee': 2.0}",
        "terminated: recorded False, now True",
    ]


def test_an_episode_that_ends_earlier_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "max_turns", 2)
    found = differences(episode)
    assert "there were 6 moves, now there are 4" in found
    assert found[-2:] == ["terminated: recorded True, now False", "truncated: recorded False, now True"]


def test_somebody_else_who_is_asked_ends_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "to_act", lambda self: ("left", "referee") if self.turn == 1 else ("left", "right"))
    halt = "it came to a halt: test/duel (seed 3): referee is asked in turn 1, where no reply of it was recorded"
    assert differences(episode) == [halt]


def test_moves_in_another_order_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "to_act", lambda self: ("right", "left"))
    assert "step 0 (left), agent: recorded 'left', now 'right'" in differences(episode)


def test_an_environment_that_fails_now_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    episode = duel()
    monkeypatch.setattr(Duel, "on_reset", lambda self, rng, top=3: 1 / 0)
    found = differences(episode)
    assert found == [
        "it came to a halt: test/duel (seed 3, turn 0): on_reset raised ZeroDivisionError: division by zero"
    ]
