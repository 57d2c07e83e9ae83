"""When a context is too long for its model, does the run stop with the numbers, or the episode end where it was?"""

from __future__ import annotations

import pytest

from syllogym import agents
from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode, summary
from syllogym.agents.player import PolicyPlayer
from syllogym.agents.rerun import differences
from syllogym.agents.rollout import Overflow, Rollouts, Task
from syllogym.algorithms.core.batch import Batch
from tests.agents.models import tiny_policy


def played(overflow: Overflow, env: str = "games/guess_number", context: int = 160) -> list[Episode]:
    policy = tiny_policy(context=context)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4))
    return Rollouts({"*": player}, overflow=overflow).run([Task(env, seed, group=seed) for seed in range(3)])


def test_a_run_stops_with_the_numbers_and_every_way_out() -> None:
    told = r"A context of \d+ tokens and a reply of up to 4 exceed the model's 160: .*max_turns.*memory.*overflow: end"
    with pytest.raises(ContextOverflow, match=told):
        played("stop")


def test_an_episode_ends_where_it_was_and_says_why() -> None:
    for episode in played("end"):
        assert (episode.terminated, episode.truncated, episode.overflowed) == (False, True, True)
        assert 0 < len(episode.steps) < 7
        assert len(episode.context(len(episode.steps) - 1)) <= 160
        assert Episode.from_json(episode.to_json()).overflowed


def test_what_was_said_before_is_learnt_from() -> None:
    episodes = played("end")
    batch = Batch.of(episodes)
    assert len(batch.sequence) == sum(len(step.token_ids) for episode in episodes for step in episode.steps)


def test_a_first_prompt_that_is_too_long_is_an_episode_without_moves() -> None:
    assert [len(episode.steps) for episode in played("end", context=16)] == [0, 0, 0]


def test_the_share_of_such_episodes_is_a_metric_where_there_are_any() -> None:
    fine = Rollouts({"*": agents.get("oracle")()}).run([Task("games/guess_number", 0)])
    assert summary([*played("end"), *fine], 1.0)["overflowed"] == 0.75
    assert "overflowed" not in summary(fine, 1.0)


def test_such_an_episode_is_played_again_as_it_was() -> None:
    for episode in played("end"):
        assert differences(Episode.from_json(episode.to_json())) == []


def test_when_one_of_a_team_overflows_the_episode_of_all_ends() -> None:
    policy = tiny_policy(context=100)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4))
    players = {"player_0": player, "player_1": agents.get("random_text")()}
    (episode,) = Rollouts(players, overflow="end").run([Task("games/rock_paper_scissors", 0)])
    assert episode.overflowed and len({step.turn for step in episode.steps}) * 2 == len(episode.steps)
