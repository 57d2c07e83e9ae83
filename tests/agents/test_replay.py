"""Does a replay repeat an episode exactly, and ask anew only those who hear something else than before?"""

from __future__ import annotations

import pytest

from syllogym import agents
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, Player, PolicyPlayer, Request
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Reply
from tests.agents.models import tiny_policy


class Says:
    """Always says the same, and counts how often."""

    context: Context = "conversation"

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    async def act(self, request: Request) -> Reply:
        self.asked += 1
        return Reply(self.text)


def policy_player() -> PolicyPlayer:
    policy = tiny_policy(context=512)
    return PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4))


def played(env: str, player: Player) -> list[Episode]:
    return Rollouts({"*": player}).run([Task(env, 0, group=group, index=1) for group in (4, 7)])


@pytest.mark.parametrize("env", ["games/rock_paper_scissors", "games/tictactoe", "games/relay"])
def test_a_replay_of_everybody_is_the_same_episode_to_the_last_token(env: str) -> None:
    recorded = played(env, policy_player())
    other = Says("other")
    replayed = played(env, ReplayPlayer(other, recorded))
    assert [episode.to_json() for episode in replayed] == [episode.to_json() for episode in recorded]
    assert other.asked == 0


def test_who_hears_something_else_answers_anew() -> None:
    recorded = played("games/relay", agents.get("oracle")())
    listener = ReplayPlayer(Says("other"), recorded)
    task = Task("games/relay", 0, group=4, index=1)
    episode = Rollouts({"speaker": agents.get("silent")(), "listener": listener}).run([task])[0]
    assert [step.reply for step in episode.steps] == ["", "other"]
    assert (listener.asked, listener.repeated) == (1, 0)


def test_who_moves_at_the_same_time_repeats_until_it_hears_of_the_change() -> None:
    recorded = played("games/rock_paper_scissors", Says("rock"))
    partner = ReplayPlayer(Says("other"), recorded)
    players = {"player_0": agents.get("silent")(), "player_1": partner}
    episode = Rollouts(players).run([Task("games/rock_paper_scissors", 0, group=7, index=1)])[0]
    replies = [step.reply for step in episode.steps if step.agent == "player_1"]
    assert replies == ["rock", "other", "other", "other", "other"]
