"""Do epochs hand out every instance once, and leave out those that a method is done with?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from syllogym.errors import UserError
from syllogym.scenarios.instances import Instances
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load


def unsolved(history: Mapping[int, list[bool]]) -> list[int]:
    return [number for number, solved in history.items() if not all(solved)]


def epoch(instances: Instances, stage: int = 0, solved: tuple[int, ...] = ()) -> list[int]:
    """Play the rest of an epoch, or a new one, in rollouts of two; return what was played."""
    numbers = instances.take(2, stage)
    while instances.waiting:
        numbers += instances.take(2, stage)
    for number in numbers:
        instances.record(number, number in solved)
    return numbers


def test_without_a_count_every_instance_is_new() -> None:
    instances = Instances(None, unsolved, "0")
    assert [instances.take(3), instances.take(2)] == [[0, 1, 2], [3, 4]]


def test_an_epoch_has_every_instance_once_and_the_next_another_order() -> None:
    instances = Instances(7, unsolved, "0")
    first, second = epoch(instances), epoch(instances)
    assert sorted(first) == sorted(second) == list(range(7))
    assert first != second


def test_what_is_solved_by_all_is_left_out_of_the_next_epoch() -> None:
    instances = Instances(4, unsolved, "0")
    epoch(instances, solved=(1, 2))
    assert sorted(epoch(instances)) == [0, 3]


def test_an_instance_whose_episodes_were_all_lost_stays() -> None:
    instances = Instances(2, unsolved, "0")
    instances.take(2)
    instances.record(0, True)
    assert instances.take(2) == [1]


def test_when_nothing_is_left_all_return() -> None:
    instances = Instances(3, unsolved, "0")
    epoch(instances, solved=(0, 1, 2))
    assert sorted(epoch(instances)) == [0, 1, 2]


def test_a_new_stage_begins_with_all() -> None:
    instances = Instances(3, unsolved, "0")
    epoch(instances, solved=(0, 1))
    assert sorted(epoch(instances, stage=1)) == [0, 1, 2]


def test_instances_go_on_from_their_state() -> None:
    one, other = Instances(6, unsolved, "0"), Instances(6, unsolved, "0")
    one.record(one.take(4)[0], True)
    other.load_state_dict(one.state_dict())
    assert [epoch(one), epoch(one)] == [epoch(other), epoch(other)]


def stage_of(micro: Path, *settings: str) -> Any:
    scenario, _ = load(str(micro), Scenario, settings)
    return make_stage("train", scenario)


def test_an_instance_met_again_is_not_met_with_the_same_chance(micro: Path) -> None:
    stage = stage_of(micro, "train.instances=4")
    first, second = (asyncio.run(stage.play(0)).episodes for _ in range(2))
    replies = [sorted((one.seed, tuple(one.steps[0].token_ids)) for one in played) for played in (first, second)]
    assert {seed for seed, _ in replies[0]} == {seed for seed, _ in replies[1]}
    assert replies[0] != replies[1]


def test_stages_change_the_options_in_the_course_of_training(micro: Path) -> None:
    stage = stage_of(micro, "environment.stages=[{until: 0.5, options: {high: 2}}]")
    seen = []
    for stage.step in (0, 1, 2):
        seen.append(asyncio.run(stage.play(stage.step)).episodes[0].options["high"])
    assert seen == [2, 2, 3]


def test_a_stage_with_a_wrong_option_is_refused(micro: Path) -> None:
    with pytest.raises(UserError, match="hihg"):
        stage_of(micro, "environment.stages=[{until: 0.5, options: {hihg: 2}}]")
