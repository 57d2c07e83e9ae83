"""Does a player that learns tell its learner what really came of each move, and when?"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from syllogym import envs
from syllogym.agents.action_values import Transition
from syllogym.agents.player import Context
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.value_player import LearningPlayer, ValuePlayer, explore
from syllogym.agents.value_table import ValueTable
from syllogym.errors import UserError


@envs.register("test/steps")
class Steps(envs.TextEnv):
    """Say `on` or `end`; each pays its turn's number, and the end pays 10 late for the first turn."""

    max_turns = 3

    def on_reset(self, rng: random.Random) -> str:
        self.ended = False
        return "begin"

    def choices(self, agent: str) -> tuple[str, ...]:
        return ("on", "end") if self.turn else ("on",)

    def on_step(self, reply: envs.Reply) -> envs.Turn:
        self.ended = reply == "end"
        return envs.Turn(f"turn {self.turn + 1}", float(self.turn + 1), over=self.ended)

    def settle(self) -> Mapping[int, float]:
        return {0: 10.0} if self.ended else {}


class Notes:
    """Writes down what it is told."""

    epsilon = 0.0

    def __init__(self) -> None:
        self.told: list[Transition] = []

    def learn(self, transition: Transition) -> None:
        self.told.append(transition)


def played(*preferred: tuple[str, str], context: Context = "markov", name: str = "test/steps") -> list[Transition]:
    """Let a player that prefers some replies in some states play one episode; return what its learner was told."""
    table, notes = ValueTable(), Notes()
    for state, reply in preferred:
        table.move(state, reply, 1.0)
    player = LearningPlayer(table, context, notes)
    Rollouts({"*": player}).run([Task(name, seed=0)])
    player.finish()
    return notes.told


def test_each_move_is_told_with_its_reward_and_what_followed_and_late_credit_comes_with_the_last() -> None:
    first, last = played(("turn 1", "end"))
    assert first == Transition("begin", ("on",), "on", 1.0, "turn 1", ("on", "end"), "end")
    assert last == Transition("turn 1", ("on", "end"), "end", 12.0)


def test_the_last_move_of_an_episode_that_was_cut_off_is_not_told() -> None:
    told = played(("turn 1", "on"), ("turn 2", "on"))
    assert [(one.state, one.action) for one in told] == [("begin", "on"), ("turn 1", "on")]


def test_in_a_conversation_the_state_is_all_that_was_told_and_said() -> None:
    told = played(("begin\non\nturn 1", "end"), context="conversation")
    assert [one.state for one in told] == ["begin", "begin\non\nturn 1"]


def test_episodes_side_by_side_are_kept_apart() -> None:
    table, notes = ValueTable(), Notes()
    table.move("turn 1", "end", 1.0)
    player = LearningPlayer(table, "markov", notes)
    Rollouts({"*": player}).run([Task("test/steps", seed=seed) for seed in range(5)])
    player.finish()
    assert Counter(one.reward for one in notes.told) == {1.0: 5, 12.0: 5}


def test_the_best_choice_is_said_and_ties_are_broken_by_chance() -> None:
    assert {explore([0.0, 1.0, 0.5], "abc", 0.0, seed) for seed in range(50)} == {"b"}
    assert {explore([1.0, 0.0, 1.0], "abc", 0.0, seed) for seed in range(50)} == {"a", "c"}


def test_epsilon_is_the_chance_of_any_choice() -> None:
    said = Counter(explore([0.0, 1.0], "ab", 0.3, seed) for seed in range(4000))
    assert said["a"] / 4000 == pytest.approx(0.15, abs=0.02)


def test_free_text_is_refused_with_the_way_out() -> None:
    player = ValuePlayer(ValueTable(), "markov")
    with pytest.raises(
        UserError, match=r"games/guess_number takes free text .* give the environment a method `choices"
    ):
        Rollouts({"*": player}).run([Task("games/guess_number", seed=0)])
