"""Does learning overlap with playing, by weights that are no older than allowed, and does nothing get lost or hang?"""

from __future__ import annotations

import asyncio
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import Player, Request
from syllogym.agents.rollout import TooManyFaults
from syllogym.envs import Reply
from syllogym.errors import UserError
from syllogym.scenarios.asynchronous import Asynchronous
from syllogym.scenarios.build import make_rollouts, make_tasks, policy_folders, policy_players
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import Interrupted, train
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_resume import TIMED, assert_same_outcome
from tests.scenarios.test_team import TEAM
from tests.scenarios.test_train import Hangs

EASY = ("environment.hopeless=0.0", "algorithm={name: grpo, epochs: 2, minibatches: 2}", "train.asynchronous={}")
UPDATES = 4


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Return the file of a scenario whose groups are mixed from the first rollout on, with four updates on each."""
    file = tmp_path / "letters.yaml"
    file.write_text(CHOOSY, encoding="utf-8")
    return file


def stage_of(file: Path, *given: str) -> Asynchronous:
    stage = make_stage("train", load(str(file), Scenario, [*EASY, *given])[0])
    assert isinstance(stage, Asynchronous)
    return stage


def rollouts_of(stage: Asynchronous) -> Iterator[dict[str, float]]:
    """Take all optimiser steps; yield the metrics of each rollout."""
    with closing(stage):
        while not stage.done:
            metrics = stage.advance()
            if metrics is not None:
                yield metrics


def outcome(stage: Asynchronous) -> tuple[list[dict[str, float]], list[Tensor]]:
    """Take all optimiser steps; return every metric but those of time, and the weights of all policies."""
    timed = (*TIMED, "play_seconds")
    rows = [{name: row[name] for name in row if name not in timed} for row in rollouts_of(stage)]
    return rows, [weight for policy in stage.policies.values() for weight in policy.parameters()]


def assert_same(one: tuple[Any, list[Tensor]], other: tuple[Any, list[Tensor]]) -> None:
    assert one[0] == other[0]
    assert all(mine.equal(theirs) for mine, theirs in zip(one[1], other[1], strict=True))


def saved(stage: Asynchronous, folder: Path) -> Path:
    """Write the state of a stage."""
    for name, place in policy_folders(stage.scenario, folder).items():
        stage.policies[name].save(place)
    torch.save(stage.state_dict(), folder / "state.pt")
    return folder


def resumed(scenario: Scenario, folder: Path) -> Asynchronous:
    """Return a stage as it was saved."""
    stage = make_stage("train", scenario, path=folder)
    assert isinstance(stage, Asynchronous)
    stage.load_state_dict(torch.load(folder / "state.pt", weights_only=True))
    return stage


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


def test_one_step_off_the_same_seed_gives_the_same_bits(letters: Path) -> None:
    one = outcome(stage_of(letters))
    assert any(row["grad_norm"] for row in one[0]), "nothing was learnt from"
    assert_same(one, outcome(stage_of(letters)))


TEAMS = {
    "own": ["train.asynchronous={}"],
    "difference": ["train.asynchronous={}", "credit={name: difference, default: random_text}"],
    "frozen-partner": ["train.asynchronous={}", "credit=frozen_partner"],
}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (CHOOSY, EASY),
        (CHOOSY, ["train.asynchronous={}", "train.instances=8"]),
        *((TEAM, own) for own in TEAMS.values()),
    ],
    ids=["one-policy", "refills-and-instances", *TEAMS],
)
def test_one_step_off_saving_and_resuming_anywhere_gives_the_same_bits(
    tmp_path: Path, text: str, given: Sequence[str]
) -> None:
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    scenario = load(str(tmp_path / "one.yaml"), Scenario, given)[0]
    straight = make_stage("train", scenario)
    assert isinstance(straight, Asynchronous)
    whole = outcome(straight)
    stopped = make_stage("train", scenario)
    folders = []
    with closing(stopped):
        for update in range(7):
            stopped.advance()
            if update in (0, 3, 6):
                folders.append(saved(stopped, tmp_path / f"{update}"))
    for folder in folders:
        stage = resumed(scenario, folder)
        rows, weights = outcome(stage)
        assert_same((whole[0][-len(rows) :], whole[1]), (rows, weights))


def test_rollouts_that_are_played_and_not_learnt_from_are_saved(letters: Path) -> None:
    given = ("train.asynchronous={staleness: 2, swap: inside}", "train.steps=5")
    stage, other = stage_of(letters, *given), stage_of(letters, *given)
    with closing(stage), closing(other):
        stage.advance()
        state = stage.state_dict()
        assert sorted(state["ahead"]) == [1, 2]
        other.load_state_dict(state)
        assert {step: one.result() for step, one in other.ahead.items()} == {
            step: one.result() for step, one in stage.ahead.items()
        }
        while other.step < 3:
            other.advance()
        assert other.begun == 5


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


def no_thread_is_left() -> bool:
    return not any(thread.name == "syllogym-play" for thread in threading.enumerate())


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


def test_ctrl_c_saves_and_the_run_goes_on_to_the_same_bits(
    letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = train(str(letters), [*EASY, "checkpoint.every=0"], tmp_path / "straight")
    advance = Asynchronous.advance

    def pressed(stage: Asynchronous) -> dict[str, float] | None:
        if stage.update == 5:
            signal.raise_signal(signal.SIGINT)
        return advance(stage)

    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(Asynchronous, "advance", pressed)
        train(str(letters), [*EASY, "checkpoint.every=0"], tmp_path / "stopped")
    assert no_thread_is_left()
    assert [path.name for path in (tmp_path / "stopped" / "checkpoints").iterdir()] == ["step-00000006"]
    train(run_dir=tmp_path / "stopped", resume=True)
    assert_same_outcome(straight, tmp_path / "stopped")


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
