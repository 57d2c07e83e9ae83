"""Does a slow environment delay its own episode alone, and does it change nothing else?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from syllogym import agents
from syllogym.agents.calls import Stuck
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, PolicyPlayer, Request
from syllogym.agents.rollout import Rollouts, Task, TooManyFaults
from syllogym.envs import Fault, Reply
from syllogym.errors import UserError
from tests.agents.models import tiny_policy
from tests.agents.slow_envs import Blocking, Waiting


@pytest.fixture(autouse=True)
def counters() -> Iterator[None]:
    """Begin with nothing counted, and end with no thread left in a call."""
    Waiting.most = 0
    Blocking.threads.clear()
    Blocking.go.clear()
    yield
    Blocking.go.set()


def tasks(env: str, count: int, **options: Any) -> list[Task]:
    return [Task(f"test-slow/{env}", seed, options, group=seed // 2, index=seed % 2) for seed in range(count)]


def scripted(**settings: Any) -> Rollouts:
    return Rollouts({"*": agents.get("random_text")()}, **settings)


def sampling(**settings: Any) -> Rollouts:
    policy = tiny_policy()
    return Rollouts({"*": PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=6))}, **settings)


def told(episodes: list[Episode]) -> list[tuple[Any, ...]]:
    """Return what may not depend on how episodes were played; the last bit of log-probs does, on a CPU."""
    return [
        (step.prompt, step.reply, step.token_ids, step.reward, step.parent)
        for episode in episodes
        for step in episode.steps
    ]


def test_episodes_wait_side_by_side() -> None:
    began = time.monotonic()
    played = scripted().run(tasks("waiting", 200, wait=1.0))
    assert len(played) == 200
    assert Waiting.most > 100
    assert time.monotonic() - began < 60  # one after the other they wait 300 seconds


@pytest.mark.parametrize("live", [1, 7, 4096])
@pytest.mark.parametrize("env", ["instant", "waiting", "blocking"])
def test_episodes_are_the_same_however_many_are_live_and_however_they_wait(env: str, live: int) -> None:
    options = {} if env == "instant" else {"wait": 0.005}
    played = sampling(live=live, threads=5).run(tasks(env, 12, **options))
    wanted = sampling().run(tasks(env, 12, **options))
    assert told(played) == told(wanted)
    assert {step.turn for episode in played for step in episode.steps} == {0, 1, 2}


@pytest.mark.parametrize("env", ["waiting", "blocking"])
def test_awaited_in_threads_or_at_once_it_is_the_same_episode(env: str) -> None:
    seen = [told(Rollouts({"*": agents.get("silent")()}).run(tasks(kind, 6))) for kind in ("instant", env)]
    assert seen[0] == seen[1]


def test_blocking_environments_share_a_bounded_number_of_threads() -> None:
    played = scripted(threads=3).run(tasks("blocking", 12, wait=0.02))
    assert len(played) == 12
    assert len(Blocking.threads) <= 3


@pytest.mark.parametrize("env", ["waiting", "computing", "blocking"])
def test_a_turn_that_takes_too_long_is_a_fault_of_its_episode_alone(env: str) -> None:
    rollouts = scripted(turn_timeout=1.5, max_faults=0.2, threads=2)
    played = rollouts.run(tasks(env, 10, bad=(4,)))
    assert [episode.seed for episode in played] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert "no answer within 1.5 s" in rollouts.most_frequent()
    assert "seed 4, turn 0" in rollouts.most_frequent()


def test_when_every_thread_is_stuck_the_run_stops_and_says_why() -> None:
    with pytest.raises(Stuck, match=r"All 2 threads .*seed \d, turn 0\): no answer within 0\.2 s"):
        scripted(turn_timeout=0.2, max_faults=1.0, threads=2).run(tasks("blocking", 10, bad=(1, 3, 5)))


def test_an_episode_that_takes_too_long_is_a_fault() -> None:
    rollouts = scripted(episode_timeout=1.5, max_faults=0.2)
    played = rollouts.run(tasks("waiting", 10, bad=(4,)))
    assert [episode.seed for episode in played] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert rollouts.most_frequent() == ("once the episode took longer than 1.5 s, first in test-slow/waiting (seed 4)")


def test_an_episode_that_takes_too_long_frees_its_row_of_the_engine() -> None:
    policy = tiny_policy(context=1 << 16)
    policy.chat.end_ids = frozenset()  # nothing ends a reply
    engine = LocalEngine(policy)
    player = PolicyPlayer(engine, policy.chat, Sampling(max_tokens=60_000))
    rollouts = Rollouts({"*": player}, episode_timeout=0.3, max_faults=1.0)

    async def play() -> int:
        assert await rollouts.play(tasks("instant", 3)) == []
        for _ in range(200):
            await asyncio.sleep(0.01)
        return len(engine._live) + len(engine._waiting)

    assert asyncio.run(play()) == 0
    assert rollouts.faults["the episode took longer than 0.3 s"] == 3


def test_an_environment_that_cancels_itself_is_a_fault() -> None:
    rollouts = scripted(max_faults=0.2)
    assert len(rollouts.run(tasks("cancelling", 10, bad=(4,)))) == 9
    assert "cancelled itself" in rollouts.most_frequent()


class Breaks:
    """Raises in one agent's move while the other's goes on, and notes whether that one is cancelled."""

    context: Context = "conversation"
    cancelled = False

    async def act(self, request: Request) -> Reply:
        if request.agent == "player_0":
            raise Fault("no reply")
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            Breaks.cancelled = True
            raise
        return Reply("rock")


def test_who_moves_beside_one_that_fails_is_not_waited_for() -> None:
    rollouts = Rollouts({"*": Breaks()}, max_faults=1.0)
    assert rollouts.run([Task("games/rock_paper_scissors", 0)]) == []
    assert Breaks.cancelled


def test_faults_of_one_kind_are_counted_together_whatever_the_seed() -> None:
    rollouts = scripted(turn_timeout=1.5, max_faults=1.0)
    rollouts.run(tasks("waiting", 10, bad=(2, 4, 6)))
    assert dict(rollouts.faults) == {"no answer within 1.5 s": 3}


def test_too_many_faults_stop_the_run_while_others_wait() -> None:
    began = time.monotonic()
    with pytest.raises(TooManyFaults, match=r"2 of 10 episodes .* 2 times no answer within 1\.5 s, first in .*seed 2"):
        scripted(turn_timeout=1.5, max_faults=0.1).run(tasks("waiting", 10, bad=(2, 4)))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("setting", "value"),
    [("live", 0), ("turn_timeout", -1.0), ("max_faults", 1.5), ("episode_timeout", 0.0), ("threads", 0)],
)
def test_a_setting_out_of_range_is_refused_by_name(setting: str, value: float) -> None:
    with pytest.raises(UserError, match=rf"{setting} of rollouts is .*; not {value}\."):
        replace(scripted(), **{setting: value})
