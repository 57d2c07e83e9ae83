"""Do policies play against what they were, learn only from what they are now, and resume to the same numbers?"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch

from syllogym import envs
from syllogym.agents.episode import Episode
from syllogym.agents.policy import Policy
from syllogym.envs import Reply, TeamEnv, Turn
from syllogym.errors import UserError
from syllogym.scenarios.evaluate import evaluate
from syllogym.scenarios.reinforcement import Reinforcement
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load
from syllogym.scenarios.train import train
from syllogym.scenarios.trainee import Trainee
from tests.scenarios.test_resume import assert_same_outcome


@envs.register("test-league/duel")
class Duel(TeamEnv):
    """Both speak in turn; the later first letter wins 1, and the other pays it."""

    agents = ("left", "right")

    def on_reset(self, rng: random.Random) -> str:
        self.said: dict[str, int] = {}
        return f"Say something to {rng.randrange(10**6)}."

    def on_step(self, agent: str, reply: Reply) -> Turn:
        self.said[agent] = ord(reply[:1] or "\0")
        if agent == "left":
            return Turn({"right": "Your turn."})
        won = float((self.said["left"] > self.said["right"]) - (self.said["left"] < self.said["right"]))
        return Turn("", {"left": won, "right": -won}, over=True)


LEAGUE = """
environment: {name: test-league/duel}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 192}}
algorithm: {name: grpo, epochs: 2}
optimiser: {lr: 0.02}
league: {every: 2, keep: 2, weights: hardest, latest: 0.25, scripted: [random_text]}
train: {steps: 6, prompts: 12, group: 3}
sampling: {max_tokens: 2}
evaluate: {episodes: 4, every: 0, against: [random_text, base]}
checkpoint: {every: 1, keep: 100}
threads: 1
"""
TEAM = "team={one: {}, two: {algorithm: {name: reinforce_pp}}}"
SEATS = "players={left: one, right: two}"


@pytest.fixture
def league(tmp_path: Path) -> Path:
    """Return the file of a scenario in which one policy plays both sides of a duel."""
    file = tmp_path / "league.yaml"
    file.write_text(LEAGUE, encoding="utf-8")
    return file


def begun(league: Path, *settings: str) -> Reinforcement:
    """Return the stage of reinforcement learning, before its first step."""
    stage = make_stage("train", load(str(league), Scenario, settings)[0])
    assert isinstance(stage, Reinforcement)
    return stage


def rollouts(stage: Reinforcement, steps: int) -> list[list[Episode]]:
    """Take steps; return the episodes of each."""
    played: list[list[Episode]] = []
    play = stage.play

    async def listen(step: int) -> Any:
        rollout = await play(step)
        played.append(rollout.episodes)
        return rollout

    stage.play = listen  # type: ignore[method-assign]
    while stage.step < steps:
        stage.advance()
    return played


def logprobs(policy: Policy, episode: Episode, role: str) -> list[float]:
    """Return how likely a policy finds what was said in a role."""
    (at,) = [at for at, step in enumerate(episode.steps) if step.agent == role]
    ids, said = episode.context(at), len(episode.steps[at].token_ids)
    position = torch.arange(len(ids) - said, len(ids))
    with torch.no_grad():
        return policy.score([torch.tensor(ids)], torch.zeros_like(position), position).logprobs.tolist()


def test_all_episodes_of_a_group_have_the_same_cast_and_groups_differ(league: Path) -> None:
    for episodes in rollouts(begun(league), 3):
        casts: dict[int, set[str]] = {}
        for episode in episodes:
            casts.setdefault(episode.group, set()).add(json.dumps(episode.cast))
        assert all(len(cast) == 1 for cast in casts.values())
        assert len(set.union(*casts.values())) > 2


def test_each_side_learns_against_the_other_cast_and_both_do_where_nobody_is(league: Path) -> None:
    episodes = [episode for rollout in rollouts(begun(league), 4) for episode in rollout]
    count = Counter(tuple(episode.cast) for episode in episodes)
    assert count.keys() == {("left",), ("right",), ()}
    assert count[()] / len(episodes) == pytest.approx(0.25, abs=0.15)
    assert {name for episode in episodes for name in episode.cast.values()} == {
        "past_self@0",
        "past_self@2",
        "random_text",
    }


def test_only_what_the_newest_weights_said_is_learnt_from(league: Path) -> None:
    stage = begun(league)
    take_up, learnt = stage.trainees["policy"].take_up, []
    stage.trainees["policy"].take_up = lambda episodes, *how: learnt.extend(episodes) or take_up(episodes, *how)  # type: ignore[method-assign,func-returns-value]
    stage.advance()
    batch = stage.trainees["policy"].batch
    own = [step for one in learnt for step in one.steps if step.agent not in one.cast]
    cast = [step for one in learnt for step in one.steps if step.agent in one.cast and step.token_ids]
    assert batch is not None and own and cast
    assert len(batch) == sum(len(step.token_ids) for step in own)


def test_a_past_self_plays_by_the_weights_of_its_step_and_the_learner_by_the_newest(league: Path) -> None:
    stage = begun(league, "league.every=100")
    policy = stage.policies["policy"]
    assert isinstance(policy, Policy)
    before = policy.frozen()
    rollouts(stage, 3)
    stage.begin(3)
    met = [one for one in asyncio.run(stage.play(3)).episodes if "past_self@0" in one.cast.values()]
    for episode in met:
        for step in episode.steps:
            cast, other = (before, policy) if step.agent in episode.cast else (policy, before)
            assert logprobs(cast, episode, step.agent) == pytest.approx(step.logprobs, abs=1e-4)
            assert logprobs(other, episode, step.agent) != pytest.approx(step.logprobs, abs=1e-2)
    assert met


def test_what_is_won_against_each_is_counted_a_draw_half(league: Path) -> None:
    stage = begun(league)
    stage.begin(0)
    episodes, metrics = asyncio.run(stage.play(0)).episodes, stage.league.settle()
    results: dict[str, list[float]] = {}
    for episode in episodes:
        for role, name in episode.cast.items():
            results.setdefault(name, []).append((1 - episode.reward(role)) / 2)
    assert metrics["league/size"] == 1
    for name, won in results.items():
        assert metrics[f"league/{name}"] == pytest.approx((sum(won) + 0.5) / (len(won) + 1))
    every = [one for won in results.values() for one in won]
    assert metrics["league/won"] == pytest.approx(sum(every) / len(every))


def test_no_more_past_selves_are_kept_than_asked_for_and_no_engine_of_theirs(league: Path) -> None:
    stage = begun(league, "league.every=1")
    rollouts(stage, 5)
    assert len(stage.league.leagues["policy"].past) == 2
    assert set(stage.scenario.engine._made) == set(stage.policies.values())


def test_a_role_that_learns_alone_is_never_cast(league: Path) -> None:
    stage = begun(league, "train.schedule=[{roles: [right], steps: 1}]")
    assert {tuple(episode.cast) for episode in rollouts(stage, 2)[1]} == {("left",), ()}


def test_every_policy_of_a_team_has_past_selves_of_its_own(league: Path) -> None:
    stage = begun(league, TEAM, SEATS, "league.latest=0")
    met = rollouts(stage, 3)[2]
    before = {name: past.past[0] for name, past in stage.league.leagues.items()}
    for side, owner in (("left", "one"), ("right", "two")):
        episode = next(one for one in met if one.cast.get(side) == "past_self@0")
        (step,) = [step for step in episode.steps if step.agent == side]
        assert logprobs(before[owner], episode, side) == pytest.approx(step.logprobs, abs=1e-4)


@pytest.mark.parametrize("settings", [[], [TEAM, SEATS, "league.weights=recent"], ["credit=difference"]])
def test_a_league_resumes_to_the_same_bits(league: Path, tmp_path: Path, settings: list[str]) -> None:
    straight = train(str(league), settings, tmp_path / "straight")
    rows = [json.loads(line) for line in (straight / "metrics.jsonl").read_text().splitlines()]
    assert any("league" in key for row in rows for key in row)
    killed = tmp_path / "killed"
    shutil.copytree(straight, killed)
    shutil.rmtree(killed / "model")
    for later in sorted((killed / "checkpoints").glob("step-*"))[7:]:  # in the middle of the fourth rollout
        shutil.rmtree(later)
    train(run_dir=killed, resume=True)
    if settings[:1] == [TEAM]:
        (killed / "model" / "one").replace(killed / "model-one")
        (straight / "model" / "one").replace(straight / "model-one")
        for run in (killed, straight):
            shutil.rmtree(run / "model")
            (run / "model-one").replace(run / "model")
    assert_same_outcome(straight, killed)


def test_a_run_is_measured_in_every_role_against_each_opponent(league: Path, tmp_path: Path) -> None:
    run = train(str(league), run_dir=tmp_path / "run")
    report, episodes = evaluate(str(run))
    pairs = [f"{role} against {name}" for name in ("random_text", "base") for role in ("left", "right")]
    assert [key.removesuffix("/accuracy") for key in report if key.endswith("/accuracy")] == pairs
    assert len(episodes) == 4 * 4
    assert [episode.cast for episode in episodes[::4]] == [
        {"right": "random_text"},
        {"left": "random_text"},
        {"right": "base"},
        {"left": "base"},
    ]
    assert "left against random_text" in (run / "summary.md").read_text(encoding="utf-8")


def test_the_base_plays_by_the_weights_that_training_began_with(league: Path, tmp_path: Path) -> None:
    run = train(str(league), ["evaluate.against=[base]"], tmp_path / "run")
    _, episodes = evaluate(str(run), ["evaluate.temperature=1"])
    base, trained = (Policy.load(str(run / folder)) for folder in ("base", "model"))
    for episode in episodes:
        for step in episode.steps:
            weights = base if step.agent in episode.cast else trained
            assert logprobs(weights, episode, step.agent) == pytest.approx(step.logprobs, abs=1e-4)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("league={every: 0}", "league.every"),
        ("league={keep: 0}", "league.keep"),
        ("league={latest: 1}", "league.latest"),
        ("league={weights: hardset}", "league.weights.*hardest"),
        ("league={evry: 3}", "Did you mean every"),
        ("league={scripted: [random_tex]}", "Did you mean random_text"),
        ("league={scripted: [{name: random_text, x: 1}]}", "takes no options"),
        ("league={scripted: [silent, silent]}", "each agent stands there once"),
        ("players={right: past_self}", "players.right: past selves play in a league"),
        ("players={right: random_text}", "the policy plays left alone"),
        ("credit=frozen_partner", "frozen_partner"),
        ("evaluate.against=[nobody]", "no agent 'nobody'"),
        ("environment={name: games/guess_number}", "the policy plays agent alone"),
    ],
)
def test_a_league_that_does_not_fit_is_explained(league: Path, setting: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        load(str(league), Scenario, [setting])


def test_one_agent_plays_against_nobody(league: Path) -> None:
    with pytest.raises(UserError, match="games/guess_number has one agent, which plays against nobody"):
        load(str(league), Scenario, ["league=null", "environment={name: games/guess_number}"])


def test_values_have_no_past_selves(league: Path) -> None:
    with pytest.raises(UserError, match="past selves are language models; policy is a table"):
        load(str(league), Scenario, ["policy={tiny: null, table: {}}", "algorithm={name: q_learning}"])


def test_an_episode_that_was_written_before_there_were_casts_is_read() -> None:
    line = json.loads(Episode("games/nim", 1).to_json())
    del line["cast"]
    assert Episode.from_json(json.dumps(line)) == Episode("games/nim", 1)


def test_in_self_play_a_seat_is_compared_with_the_same_seat_only(league: Path) -> None:
    stage = begun(league, "league=null")
    stage.advance()
    trainee = stage.trainees["policy"]
    batch = trainee.batch
    assert isinstance(trainee, Trainee) and batch is not None and set(batch.roles) == {"left", "right"}
    advantage = torch.zeros(batch.trajectories).index_copy(0, batch.trajectory, trainee.credit.advantage)
    for group in batch.group.unique():
        same = batch.group == group
        assert len(batch.role[same].unique()) == 1
        assert advantage[same].sum().item() == pytest.approx(0, abs=1e-5)


def test_in_a_zero_sum_game_what_one_seat_of_a_policy_wins_the_other_pays(league: Path) -> None:
    (episodes,) = rollouts(begun(league, "league=null"), 1)
    assert all(not episode.cast and episode.reward() == 0 for episode in episodes)
    assert any(episode.reward("left") for episode in episodes)
