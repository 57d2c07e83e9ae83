"""Does a replay repeat an episode exactly, and ask anew only those who hear something else than before?"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from syllogym import agents
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, Player, PolicyPlayer, Request
from syllogym.agents.replay import ReplayPlayer
from syllogym.agents.rollout import Rollouts, Task, TooManyFaults
from syllogym.envs import Reply
from syllogym.errors import UserError
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


def on_file(folder: Path, episodes: list[Episode], name: str = "episodes.jsonl") -> Player:
    text = "".join(f"{episode.to_json()}\n" for episode in episodes).encode()
    (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    player: Player = agents.make({"name": "replay", "path": str(folder / name)})
    return player


@pytest.mark.parametrize("name", ["episodes.jsonl", "episodes.jsonl.gz"])
@pytest.mark.parametrize("env", ["games/rock_paper_scissors", "games/tictactoe"])
def test_episodes_on_file_are_said_again_to_the_last_token(tmp_path: Path, env: str, name: str) -> None:
    recorded = played(env, policy_player())[:1]
    again = Rollouts({"*": on_file(tmp_path, recorded, name)}).run([Task.of(recorded[0])])
    assert [episode.to_json() for episode in again] == [episode.to_json() for episode in recorded]


@pytest.mark.parametrize(
    "other",
    [
        Task("games/tictactoe", 1, index=1),
        Task("games/tictactoe", 0, index=2),
        Task("games/tictactoe", 0, split="eval", index=1),
        Task("games/guess_number", 0, index=1),
        Task("games/guess_number", 0, {"high": 3}, index=1),
    ],
    ids=str,
)
def test_a_task_that_was_not_recorded_is_named(tmp_path: Path, other: Task) -> None:
    player = on_file(tmp_path, played("games/tictactoe", Says("b2")))
    with pytest.raises(UserError, match=f"has 1 tasks, and not this one: {other.env} .* seed {other.seed}, index"):
        Rollouts({"*": player}).run([other])


def test_who_is_asked_something_else_than_was_recorded_is_a_fault(tmp_path: Path) -> None:
    recorded = played("games/relay", agents.get("oracle")())[:1]
    players = {"speaker": agents.get("silent")(), "listener": on_file(tmp_path, recorded)}
    rollouts = Rollouts(players, max_faults=1.0)
    assert rollouts.run([Task.of(recorded[0])]) == []
    assert "replay: listener is asked in turn 1 of seed 0 what it was not asked" in next(iter(rollouts.faults))
    with pytest.raises(TooManyFaults, match="replay: listener"):
        Rollouts(players).run([Task.of(recorded[0])])


def test_of_two_recordings_the_last_one_counts(tmp_path: Path) -> None:
    recorded = [played("games/tictactoe", Says(text))[0] for text in ("a1", "b2")]
    again = Rollouts({"*": on_file(tmp_path, recorded)}).run([Task.of(recorded[0])])[0]
    assert again.steps[0].reply == "b2"


def test_a_file_that_is_missing_or_no_recording_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"replay\.path: there is no file .*nowhere"):
        agents.make({"name": "replay", "path": str(tmp_path / "nowhere")})
    (tmp_path / "other.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"other\.jsonl:1: this line is no episode"):
        Rollouts({"*": agents.make({"name": "replay", "path": str(tmp_path / "other.jsonl")})}).run(
            [Task("games/tictactoe", 0)]
        )
