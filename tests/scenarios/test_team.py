"""Do several policies train at once, each in its roles, by its method, when the schedule says so?"""

from __future__ import annotations

import json
import random
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from syllogym import envs
from syllogym.envs import Reply, TeamEnv, Turn
from syllogym.errors import UserError
from syllogym.scenarios.schedule import Phase, active_steps, alike_at, begins_phase, roles_at, template_at
from syllogym.scenarios.schema import TrainSpec
from syllogym.scenarios.train import train


@envs.register("test-team/letters")
class Letters(TeamEnv):
    """Both speak at once and are paid by the number of their first letter, so that untrained replies differ."""

    agents = ("player_0", "player_1")

    def on_reset(self, rng: random.Random) -> str:
        return f"Say something to {rng.randrange(10**6)}."

    def to_act(self) -> tuple[str, ...]:
        return self.agents

    def on_step(self, agent: str, reply: Reply) -> Turn:
        return Turn("", {agent: ord(reply[:1] or "z") % 8 / 8}, over=agent == self.agents[-1])


@envs.register("test-team/one-word")
class OneWord(TeamEnv):
    """The first to speak ends it, so the other never gets to move."""

    agents = ("player_0", "player_1")

    def on_reset(self, rng: random.Random) -> str:
        return f"Say something to {rng.randrange(10**6)}."

    def to_act(self) -> tuple[str, ...]:
        return ("player_0",)

    def on_step(self, agent: str, reply: Reply) -> Turn:
        return Turn("", {agent: ord(reply[:1] or "z") % 8 / 8}, over=True)


TEAM = """
environment: {name: test-team/letters}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 192}}
team:
  first: {algorithm: {name: grpo, epochs: 2, minibatches: 2}}
  second: {algorithm: {name: reinforce_pp}, optimiser: {lr: 0.01}}
players: {player_0: first, player_1: second}
train: {steps: 4, prompts: 3, group: 4, schedule: [{roles: [player_1], steps: 1}, {roles: [player_0], steps: 2}]}
sampling: {max_tokens: 3}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 1, keep: 100}
threads: 1
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Return the file of a scenario in which two policies learn in turn."""
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    return file


def test_partners_that_do_not_learn_are_alike_where_a_phase_says_so() -> None:
    schedule = [Phase(roles=["b"], steps=2, alike=True), Phase(roles=["a"], steps=1)]
    assert [alike_at(schedule, step, ["a", "b"], ["b"]) for step in range(4)] == [{"a"}, {"a"}, set(), {"a"}]
    assert alike_at([], 0, ["a", "b"], ["b"]) == set()


def test_the_schedule_gives_every_step_its_roles() -> None:
    schedule = [Phase(roles=["b"], steps=2, once=True), Phase(roles=["b"], steps=1), Phase(roles=["a"], steps=3)]
    assert [roles_at(schedule, step, ["a", "b"])[0] for step in range(11)] == list("bbbaaabaaab")
    assert active_steps(schedule, 11, ["a"], ["a", "b"]) == 6
    assert [step for step in range(11) if begins_phase(schedule, step)] == [0, 2, 3, 6, 7, 10]
    assert roles_at([], 5, ["a", "b"]) == ["a", "b"]


def test_a_phase_without_roles_is_everybodys_and_says_how_the_template_asks() -> None:
    schedule = [Phase(steps=2, once=True, template={"enable_thinking": False}), Phase(steps=1)]
    assert [template_at(schedule, step) for step in range(4)] == [{"enable_thinking": False}] * 2 + [{}] * 2
    assert roles_at(schedule, 0, ["a", "b"]) == ["a", "b"]
    assert template_at([], 0) == {}


def test_a_list_in_the_place_of_train_is_its_schedule() -> None:
    phases = [{"roles": ["a"], "steps": 1}, {"roles": ["b"], "steps": 3}]
    assert TrainSpec.model_validate(phases) == TrainSpec.model_validate({"schedule": phases})


def test_each_policy_changes_only_in_its_own_steps(team: Path, tmp_path: Path) -> None:
    run = train(str(team), run_dir=tmp_path / "run")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    learnt = [{key.split("/")[0] for key in row if key.endswith("/loss")} for row in rows if row["kind"] == "train"]
    assert learnt == [{"second"}, {"first"}, {"first"}, {"second"}]
    saved = sorted((run / "checkpoints").glob("step-*"))
    assert len(saved) == 1 + 4 + 4 + 1
    weights = {who: [embedding(folder / who) for folder in saved] for who in ("first", "second")}
    changed = {who: [not a.equal(b) for a, b in pairwise(states)] for who, states in weights.items()}
    assert changed == {"first": [True] * 8 + [False], "second": [False] * 8 + [True]}


def embedding(folder: Path) -> torch.Tensor:
    """Return the input embeddings that are saved in a folder."""
    return load_file(folder / "model.safetensors")["model.embed_tokens.weight"]


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["credit={name: difference, default: random_text}"],
        ["credit=frozen_partner", "train.schedule=[{roles: [player_0, player_1], steps: 3}]"],
    ],
)
def test_a_team_resumes_to_the_same_bits(team: Path, tmp_path: Path, settings: list[str]) -> None:
    straight = train(str(team), settings, tmp_path / "straight")
    killed = tmp_path / "killed"
    shutil.copytree(straight, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[7:]:
        shutil.rmtree(later)
    train(run_dir=killed, resume=True)
    for member in ("first", "second"):
        mine, theirs = (load_file(run / "model" / member / "model.safetensors") for run in (straight, killed))
        assert all(mine[name].equal(theirs[name]) for name in mine)
    assert (straight / "episodes.jsonl").read_bytes() == (killed / "episodes.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("players={player_0: first, player_1: third}", "third"),
        ("players={player_0: first, player_1: player_1}", "who plays player_1"),
        ("players={player_0: first, player_1: random_text}", "team.second: it plays nobody"),
        ("train.schedule=[{roles: [judge], steps: 1}]", "judge"),
        ("train=[{roles: [player_0], stepz: 1}]", "stepz.*Did you mean steps"),
        ("credit=sharde", "credit.*sharde"),
        ("team.second.credit={name: difference, default: nobody}", "team.second.credit.*no agent 'nobody'"),
    ],
)
def test_a_team_that_does_not_fit_is_explained(team: Path, tmp_path: Path, setting: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        train(str(team), [setting], tmp_path / "run")


def test_a_role_that_never_moves_learns_nothing_and_stops_nobody(team: Path, tmp_path: Path) -> None:
    run = train(str(team), ["environment.name=test-team/one-word", "train.schedule=[]"], tmp_path / "run")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    learnt = [{key.split("/")[0] for key in row if key.endswith("/loss")} for row in rows if row["kind"] == "train"]
    assert learnt == [{"first"}] * 4


def test_where_nobody_who_trains_moves_the_run_says_so(team: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no role that trains got to move in any episode"):
        train(str(team), ["environment.name=test-team/one-word"], tmp_path / "run")
