"""Do branches in the middle of episodes form groups that are learnt from, and are settings without sense refused?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.episode import Episode
from syllogym.agents.rollout import Task
from syllogym.errors import UserError
from syllogym.scenarios.branching import Branching
from syllogym.scenarios.recordings import replay
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from tests.scenarios.test_refill import resume_after, steps
from tests.scenarios.test_resume import assert_same_outcome
from tests.scenarios.test_team import Letters  # noqa: F401

BRANCHING = """
environment: {name: games/guess_number, high: 7, max_turns: 4}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 192}}
warmup: {steps: 8, batch: 16, optimiser: {lr: 0.03, warmup: 2}}
algorithm: {name: grpo}
train: {steps: 2, prompts: 3, group: 4, branch: 2}
sampling: {max_tokens: 3}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 1, keep: 100}
threads: 1
"""


@pytest.fixture
def branching(tmp_path: Path) -> Path:
    """Return the file of a scenario with two groups of branches for each task."""
    file = tmp_path / "branching.yaml"
    file.write_text(BRANCHING, encoding="utf-8")
    return file


def episode(index: int, moves: list[tuple[str, int]]) -> Episode:
    """An episode whose moves are by (agent, turn); capitals are scripted and sample nothing."""
    played = Episode("games/guess_number", seed=9, group=5, index=index)
    for agent, turn in moves:
        sampled = {"prompt_ids": [1], "token_ids": [2], "logprobs": [-0.5]} if agent.islower() else {}
        said = {"agent": agent, "turn": turn, "parent": -1, "prompt": [], "reply": "x", **sampled}
        played.steps += Episode.from_json(json.dumps({"env": "", "seed": 0, "reward": 0, "steps": [said]})).steps
    return played


def drawn(group: list[Episode], **settings: Any) -> list[Task]:
    return Branching(**{"each": 1, "size": 2, "roles": ["a"], "key": "k", **settings}).tasks({5: group})


def test_each_group_of_branches_goes_on_from_another_episode_and_has_a_number_of_its_own() -> None:
    group = [episode(index, [("a", turn) for turn in range(4)]) for index in range(3)]
    tasks = drawn(group, each=2, first=6)
    assert [(task.group, task.index) for task in tasks] == [(-7, 0), (-7, 1), (-8, 0), (-8, 1)]
    assert all(any(a is b for b in group[0].steps) for a in tasks[0].prefix)
    assert all(any(a is b for b in group[1].steps) for a in tasks[2].prefix)


def test_every_middle_is_drawn_under_some_key_and_the_same_under_the_same() -> None:
    group = [episode(0, [("a", turn) for turn in range(4)])]
    lengths = [len(drawn(group, key=str(key))[0].prefix) for key in range(40)]
    assert set(lengths) == {1, 2, 3}
    assert lengths == [len(drawn(group, key=str(key))[0].prefix) for key in range(40)]


def test_branches_begin_where_somebody_moves_who_learns() -> None:
    group = [episode(0, [("a", 0), ("B", 1), ("c", 2), ("a", 3), ("B", 4)])]
    assert {len(drawn(group, key=str(key))[0].prefix) for key in range(20)} == {3}


def test_an_episode_without_a_middle_is_passed_over() -> None:
    short, long = episode(0, [("a", 0)]), episode(1, [("a", 0), ("a", 1)])
    assert drawn([short, long])[0].prefix == tuple(long.steps[:1])
    assert drawn([short]) == []


def test_a_rollout_learns_from_its_branches_beside_whole_episodes(branching: Path, tmp_path: Path) -> None:
    run = train(str(branching), run_dir=tmp_path / "run")
    assert all(row["episodes"] == 12 and 0 < row["branches"] <= 6 for row in steps(run))
    lines = (run / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    branches = [one for one in map(Episode.from_json, lines) if one.steps[0].given]
    assert len(branches) == 2
    assert not any(one.steps[-1].given for one in branches)
    assert len({one.group for one in branches}) == len(branches)


def test_branches_are_episodes_that_can_be_played_again(branching: Path, tmp_path: Path) -> None:
    run = train(str(branching), run_dir=tmp_path / "run")
    played = list(replay(run))
    assert any(one.episode.steps[0].given for one in played)
    assert not any(one.differences for one in played)


@pytest.mark.parametrize("more", [[], ["train.asynchronous={staleness: 1}"]], ids=["in turn", "one step off"])
def test_a_run_with_branches_that_was_stopped_resumes_to_the_same_bits(
    branching: Path, tmp_path: Path, more: list[str]
) -> None:
    straight = train(str(branching), more, tmp_path / "straight")
    assert_same_outcome(straight, resume_after(9, straight, tmp_path / "killed"))


def test_branches_that_teach_nothing_are_left_out_by_methods_that_choose(branching: Path, tmp_path: Path) -> None:
    settings = ["algorithm.name=dapo", "sampling.max_tokens=8", "warmup.steps=40", "train.prompts=2"]
    run = train(str(branching), settings, tmp_path / "run")
    assert all(row["no_signal"] == 0 for row in steps(run))


def test_episodes_of_one_move_are_told(branching: Path, tmp_path: Path) -> None:
    settings = ["environment={name: games/rock_paper_scissors, rounds: 1}", "warmup=null"]
    with pytest.raises(UserError, match=r"train\.branch: nobody who learns moves twice in any of the first 12"):
        train(str(branching), settings, tmp_path / "run")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (["train.branch=-1"], r"train\.branch"),
        (["environment.max_turns=1"], r"an episode of games/guess_number has one turn, and so no middle"),
        (["environment={name: math/arithmetic}"], r"an episode of math/arithmetic has one turn"),
        (["algorithm.name=ppo"], "ppo does not compare the replies of a group"),
        (
            ["algorithm={name: q_learning}", "policy.table={}", "policy.tiny=null", "warmup=null"],
            "q_learning does not compare",
        ),
        (["environment={name: games/nim}", "league={}"], "a league draws anew who plays"),
        (["environment={name: games/relay}", "credit=difference"], "with the credit difference episodes are played"),
    ],
    ids=["number", "bound", "question", "alone", "values", "league", "credit"],
)
def test_a_setting_without_sense_is_refused(branching: Path, settings: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        load(str(branching), Scenario, settings)
