"""Does asynchronous training, one step off, give the same bits again, stopped and resumed anywhere?"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.scenarios.asynchronous import Asynchronous
from syllogym.scenarios.build import policy_folders
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import Interrupted, train
from tests.scenarios.ahead import EASY, no_thread_is_left, rollouts_of, stage_of
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_resume import TIMED, assert_same_outcome
from tests.scenarios.test_team import TEAM


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
