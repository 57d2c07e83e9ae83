"""When more groups are played than needed, are the first informative ones kept, whoever was fast?"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.episode import Episode
from syllogym.errors import UserError
from syllogym.scenarios.instances import Instances
from syllogym.scenarios.oversampling import FirstInformative
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.scenarios.choosy import CHOOSY
from tests.scenarios.test_refill import resume_after
from tests.scenarios.test_resume import assert_same_outcome

INFORMATIVE = {2, 4, 5}


def informative(episodes: Sequence[Episode]) -> bool:
    return episodes[0].group in INFORMATIVE


def finished(group: int) -> list[Episode]:
    return [Episode("", 0, group=group)]


@pytest.fixture
def choosy(tmp_path: Path) -> Path:
    """Return the file of a scenario in which about half of all groups are all wrong, played in excess."""
    file = tmp_path / "choosy.yaml"
    file.write_text(CHOOSY.replace("refills: 10", "refills: 10, oversample: 2.5"), encoding="utf-8")
    return file


def steps(run: Path) -> list[dict[str, Any]]:
    rows = map(json.loads, (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["kind"] == "train"]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3, 4]))[::5], ids=str)
def test_the_same_groups_are_spare_in_whatever_order_they_finish(order: tuple[int, ...]) -> None:
    enough = FirstInformative([1, 2, 3, 4, 5], 2, informative)
    for group in order:
        spare = enough(group, finished(group), 0)
    assert list(spare) == [5]


def test_nothing_is_spare_before_the_groups_ahead_are_known() -> None:
    enough = FirstInformative([1, 2, 3, 4, 5], 2, informative)
    assert not enough(5, finished(5), 0)
    assert list(enough(4, finished(4), 0)) == []
    assert list(enough(2, finished(2), 0)) == [5]


def test_a_group_that_is_not_whole_yet_says_nothing() -> None:
    enough = FirstInformative([2, 3], 1, informative)
    assert not enough(2, finished(2), 1)
    assert list(enough(2, finished(2), 0)) == [3]


def test_a_group_that_was_lost_to_faults_is_not_informative() -> None:
    assert not FirstInformative([2, 3], 1, informative)(2, [], 0)


@pytest.mark.parametrize("count", [None, 6])
def test_instances_that_were_not_played_come_next(count: int | None) -> None:
    instances = Instances(count, lambda history: history, "k")
    first = instances.take(5)
    instances.put_back(first[3:])
    assert instances.take(2) == first[3:]


def test_no_more_is_learnt_from_than_was_asked_for(choosy: Path, tmp_path: Path) -> None:
    rows = steps(train(str(choosy), run_dir=tmp_path / "run"))
    assert all(row["kept"] == 3 and row["no_signal"] == 0 for row in rows)
    assert all(row["episodes"] % 6 == 0 for row in rows)


def test_it_takes_fewer_rounds_and_learns_from_the_same_instances(choosy: Path, tmp_path: Path) -> None:
    more = train(str(choosy), ["train.steps=1"], tmp_path / "more")
    one = train(str(choosy), ["train.steps=1", "train.oversample=1.0"], tmp_path / "one")
    rounds = [sum(row["refills"] for row in steps(run)) for run in (more, one)]
    assert rounds[0] <= rounds[1]
    losses = [[row["loss"] for row in steps(run)] for run in (more, one)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-5)


def test_however_many_are_live_the_run_is_the_same(choosy: Path, tmp_path: Path) -> None:
    runs = [train(str(choosy), [f"train.live={live}"], tmp_path / str(live)) for live in (3, 4096)]
    kept = [[(row["episodes"], row["reward"], row["kept"]) for row in steps(run)] for run in runs]
    assert kept[0] == kept[1]


def test_a_run_stopped_amid_it_resumes_to_the_same_bits(choosy: Path, tmp_path: Path) -> None:
    straight = train(str(choosy), ["train.instances=8"], tmp_path / "straight")
    assert_same_outcome(straight, resume_after(3, straight, tmp_path / "killed"))


@pytest.mark.parametrize(
    "setting",
    ["oversample=0.5", "threads=0", "threads=5000", "live=0", "turn_timeout=0", "episode_timeout=-1", "max_faults=2"],
)
def test_a_setting_out_of_range_is_refused_by_its_key(choosy: Path, setting: str) -> None:
    with pytest.raises(UserError, match=rf"train\.{setting.partition('=')[0]}"):
        load(str(choosy), Scenario, [f"train.{setting}"])
