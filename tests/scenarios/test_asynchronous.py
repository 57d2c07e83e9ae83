"""Does learning overlap with playing, by weights that are no older than allowed, and does nothing get lost or hang?"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import Player, Request
from syllogym.agents.rollout import TooManyFaults
from syllogym.envs import Reply
from syllogym.errors import UserError
from syllogym.scenarios.asynchronous import Asynchronous
from syllogym.scenarios.build import make_rollouts, make_tasks, policy_players
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from tests.scenarios.ahead import UPDATES, no_thread_is_left, rollouts_of, stage_of
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_team import TEAM
from tests.scenarios.test_train import Hangs


def test_one_step_off_every_rollout_is_sampled_by_the_weights_before_the_last(letters: Path) -> None:
    stage = stage_of(letters, "train.steps=4")
    weights, shown = [], []
    with closing(stage):
        while not stage.done:
            weights.append(stage.policies["policy"].frozen())
            while stage.advance() is None:
                pass
            shown.append([step.token_ids for episode in stage.episodes for step in episode.steps])
    for step, replies in enumerate(shown):
        players = policy_players(stage.scenario, {"policy": weights[max(0, step - 1)]})
        tasks = make_tasks(stage.scenario, "train", range(3 * step, 3 * step + 3), range(6))
        episodes = make_rollouts(stage.scenario, players, "train").run(tasks)
        assert replies == [move.token_ids for episode in episodes[:2] for move in episode.steps]


class Dawdling:
    """Plays as another does, after waiting a random while."""

    def __init__(self, player: Player, dice: random.Random) -> None:
        self.player, self.dice = player, dice
        self.context = player.context

    async def act(self, request: Request) -> Reply:
        await asyncio.sleep(self.dice.choice([0.0, 0.0, 0.003, 0.01]))
        return await self.player.act(request)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.sampled_from(["between", "inside"]), st.integers(1, 2), st.integers(0, 99))
def test_no_token_is_older_than_the_bound(letters: Path, staleness: int, swap: str, epochs: int, seed: int) -> None:
    stage = stage_of(
        letters,
        f"train.asynchronous={{staleness: {staleness}, swap: {swap}}}",
        f"algorithm.epochs={epochs}",
        "train.steps=6",
        "train.prompts=2",
        "train.group=2",
        "sampling.max_tokens=6",
    )
    dice = random.Random(seed)
    stage.rollouts.players = {name: Dawdling(player, dice) for name, player in stage.rollouts.players.items()}
    rows = []
    for metrics in rollouts_of(stage):
        time.sleep(dice.choice([0.0, 0.01]))
        assert len(stage.ahead) <= staleness
        rows.append(metrics)
    assert len(rows) == 6
    assert all(0 <= row["staleness"] <= row["staleness_max"] <= staleness * epochs * 2 for row in rows)
    assert all(row["stale"] == 0 for row in rows)
    assert staleness > 1 or swap == "inside" or all(row["staleness"] == epochs * 2 for row in rows[1:])


def test_weights_are_swapped_inside_replies(letters: Path) -> None:
    long = ("policy={tiny: {layers: 1, width: 16, heads: 2, context: 320}}", "sampling.max_tokens=200")
    stage = stage_of(letters, *long, "train.asynchronous.swap=inside", "train.steps=6", "train.prompts=1")
    seen = set()
    with closing(stage):
        while not stage.done:
            stage.advance()
            seen |= {len(step.switches) for episode in stage.episodes for step in episode.steps}
    assert max(seen) >= 1


def test_rollouts_that_overlap_share_the_places_of_one(letters: Path) -> None:
    stage = stage_of(letters, "train.asynchronous={staleness: 3, swap: inside}", "train.steps=5")
    playing: list[int] = []
    most = 0
    (name, player), *_ = stage.rollouts.players.items()

    class Counting:
        context = player.context

        async def act(self, request: Request) -> Reply:
            nonlocal most
            playing.append(1)
            most = max(most, len(playing))
            reply = await player.act(request)
            playing.pop()
            return reply

    stage.rollouts.players = {name: Counting()}
    assert len(list(rollouts_of(stage))) == 5
    assert most == 3 * 6


def test_an_evaluation_is_played_by_the_newest_weights(letters: Path) -> None:
    stage = stage_of(letters, "train.steps=3")
    policy = stage.policies["policy"]
    engine = stage.scenario.engine.of(policy)
    with closing(stage):
        while stage.step < 2:
            stage.advance()
        stage.settle()
        sample = asyncio.run(engine.generate([5], seed=0, sampling=Sampling(max_tokens=2)))
        assert sample.version == policy.version == 2 * UPDATES
        (left,) = [*rollouts_of(stage)]
    assert left["staleness"] == UPDATES


def test_an_error_while_playing_reaches_who_learns(letters: Path) -> None:
    given = ("algorithm={name: test-choosy/grpo}", "environment.hopeless=1.0", "train.refills=1")
    with pytest.raises(UserError, match=r"train, step 0: no group of the 36 episodes played in 2 rounds"):
        list(rollouts_of(stage_of(letters, *given)))
    assert no_thread_is_left()


def test_an_environment_that_hangs_beside_learning_is_a_fault(letters: Path) -> None:
    stage = stage_of(letters, f"environment={{name: {Hangs.name}}}", "train.turn_timeout=0.2")
    with pytest.raises(TooManyFaults, match=r"no answer within 0\.2 s"):
        list(rollouts_of(stage))
    assert no_thread_is_left()


def test_an_error_while_learning_ends_the_playing(letters: Path) -> None:
    stage = stage_of(letters, "train.steps=50", "train.asynchronous={staleness: 9, swap: inside}")

    def fail() -> None:
        raise ArithmeticError("the loss is lost")

    stage.trainees["policy"].update = fail  # type: ignore[method-assign]
    with pytest.raises(ArithmeticError, match="the loss is lost"):
        list(rollouts_of(stage))
    assert no_thread_is_left()


SWAPS = {"between": "train.asynchronous={}", "inside": "train.asynchronous={staleness: 2, swap: inside}"}


@pytest.mark.parametrize("swap", SWAPS)
@pytest.mark.parametrize(
    ("text", "given"),
    [
        (CHOOSY, ["train.instances=8"]),
        (CHOOSY, ["algorithm={name: ppo, epochs: 2}", "environment.hopeless=0.0"]),
        (CHOOSY, ["environment={name: games/guess_number, max_turns: 2}", "algorithm={name: super_rl}"]),
        (CHOOSY, ["environment={name: games/guess_number, max_turns: 2, curriculum: {raise_at: 0.001, window: 2}}"]),
        (TEAM, []),
        (TEAM, ["credit={name: difference, default: random_text}"]),
        (TEAM, ["credit=frozen_partner", "train.schedule=[{roles: [player_0, player_1], steps: 2}]"]),
    ],
    ids=["refills-and-instances", "critic", "demonstrations", "curriculum", "schedule", "difference", "frozen-partner"],
)
def test_everything_a_rollout_may_need_goes_on_beside_learning(
    tmp_path: Path, text: str, given: list[str], swap: str
) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    stage = make_stage("train", load(str(tmp_path / "one.yaml"), Scenario, [*given, "train.steps=3", SWAPS[swap]])[0])
    assert isinstance(stage, Asynchronous)
    rows = list(rollouts_of(stage))
    assert len(rows) == 3
    stale = [value for row in rows for key, value in row.items() if key.endswith("stale")]
    assert stale and not any(stale)


def test_what_old_weights_sampled_is_corrected_unless_the_scenario_says_otherwise(letters: Path) -> None:
    def correction(*given: str) -> Any:
        scenario = load(str(letters), Scenario, given)[0]
        return scenario.model_dump(mode="json")["algorithm"].get("correction")

    own = "algorithm.correction={kind: sequence-mask, high: 3.0}"
    assert correction() is None
    assert correction("train.asynchronous={}") == {"kind": "token-truncate", "high": 2.0}
    assert correction("train.asynchronous={}", own) == {"kind": "sequence-mask", "high": 3.0}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["train.asynchronous={staleness: 0}"], r"train\.asynchronous\.staleness"),
        (["train.asynchronous={swap: never}"], r"train\.asynchronous\.swap"),
        (
            ["train.asynchronous={}", "policy={network: {}, tiny: null}", "algorithm={name: dqn}", "context=markov"],
            r"train\.asynchronous: dqn learns while it plays; leave it out",
        ),
    ],
    ids=["no-staleness", "unknown-swap", "value-method"],
)
def test_what_cannot_be_is_refused_at_once(letters: Path, given: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        load(str(letters), Scenario, given)


def test_playing_and_learning_in_turn_stays_the_default(letters: Path) -> None:
    stage: Callable[..., Any] = type(make_stage("train", load(str(letters), Scenario)[0]))
    assert stage.__name__ == "Reinforcement"
