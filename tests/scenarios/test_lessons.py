"""Does every policy learn from the episodes that its credit means?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import torch

from syllogym import agents
from syllogym.agents.episode import Episode
from syllogym.agents.rollout import Rollouts
from syllogym.scenarios.build import make_policies, make_rollouts, make_tasks, policy_players
from syllogym.scenarios.lessons import Lessons
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

QUARTET = """
environment: {name: games/quartet}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 64}}
algorithm: {name: grpo, epochs: 2}
train: {steps: 2, prompts: 2, group: 3}
sampling: {max_tokens: 2}
threads: 1
"""
RELAY = ("environment.name=games/relay", "team={speaker: {}, listener: {}}")
BOTH = {"speaker": ["speaker"], "listener": ["listener"]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a scenario in which one policy sings all four parts."""
    (tmp_path / "team.yaml").write_text(QUARTET, encoding="utf-8")
    return tmp_path / "team.yaml"


def scenario_of(file: Path, *settings: str) -> Scenario:
    return load(file, Scenario, settings)[0]


def scripted(scenario: Scenario, **players: str) -> Rollouts:
    """Return rollouts in which scripted agents play every seat."""
    return Rollouts({agent: agents.get(name)() for agent, name in players.items()}, "key")


def replies(episodes: list[Episode], agent: str) -> list[str]:
    return [step.reply for episode in episodes for step in episode.steps if step.agent == agent]


def test_the_difference_of_one_of_four_is_what_its_own_answer_was_worth(file: Path) -> None:
    scenario = scenario_of(file, "credit=difference")
    rollouts = scripted(scenario, soprano="oracle", alto="oracle", tenor="oracle", bass="silent")
    lessons = Lessons(scenario, {}, rollouts)
    episodes = rollouts.run(make_tasks(scenario, "train", range(2)))
    taught, metrics = asyncio.run(lessons.of(episodes, {"policy": ["soprano", "bass"]}))
    lesson = taught["policy"]
    # Three of four are right, so all four are paid 0.75. Without the soprano they are paid 0.5: 4 x 0.75 - 4 x 0.5 = 1.
    # The bass says nothing anyhow, and makes no difference.
    assert [(one.reward("soprano"), one.reward("bass")) for one in lesson] == [(1.0, 0.0)] * 2
    assert metrics == {
        "soprano/repeated": 1.0,
        "bass/repeated": 1.0,
        "soprano/credit": 1.0,
        "bass/credit": 0.0,
    }


def test_the_difference_of_one_who_is_heard_counts_what_the_partner_makes_of_silence(file: Path) -> None:
    scenario = scenario_of(file, *RELAY, "team.speaker.credit=difference")
    rollouts = scripted(scenario, speaker="oracle", listener="oracle")
    lessons = Lessons(scenario, {}, rollouts)
    episodes = rollouts.run(make_tasks(scenario, "train", range(6)))
    taught, metrics = asyncio.run(lessons.of(episodes, BOTH))
    lesson = taught["speaker"]
    # The solver in the listener's seat then says its own digit, which is sometimes the largest.
    expected = [0.0 if one.steps[1].prompt[0]["content"][0] == one.steps[1].reply else 2.0 for one in episodes]
    assert {0.0, 2.0} == set(expected)
    assert [one.reward("speaker") for one in lesson] == expected
    assert metrics["speaker/repeated"] == 0.0


def test_a_shapley_value_is_the_mean_of_what_a_role_adds_in_every_order(file: Path) -> None:
    scenario = scenario_of(file, *RELAY, "credit=shapley")
    rollouts = scripted(scenario, speaker="oracle", listener="oracle")
    episodes = rollouts.run(make_tasks(scenario, "train", range(6)))
    lesson, metrics = asyncio.run(Lessons(scenario, {}, rollouts).of(episodes, BOTH))
    # Without the listener nobody earns anything; alone it earns 2 where its own digit is the largest, as it says then.
    alone = [2.0 if one.steps[1].prompt[0]["content"][0] == one.steps[1].reply else 0.0 for one in episodes]
    assert {0.0, 2.0} == set(alone)
    assert [one.reward("speaker") for one in lesson["speaker"]] == [(2.0 - own) / 2 for own in alone]
    assert [one.reward("listener") for one in lesson["listener"]] == [(2.0 + own) / 2 for own in alone]
    assert metrics["speaker/credit"] + metrics["listener/credit"] == pytest.approx(2.0)


def test_shapley_values_of_four_who_add_up_are_what_each_is_worth_alone(file: Path) -> None:
    scenario = scenario_of(file, "credit=shapley")
    rollouts = scripted(scenario, soprano="oracle", alto="oracle", tenor="oracle", bass="silent")
    episodes = rollouts.run(make_tasks(scenario, "train", range(2)))
    taught, _ = asyncio.run(Lessons(scenario, {}, rollouts).of(episodes, {"policy": ["soprano", "bass"]}))
    values = [(one.reward("soprano"), one.reward("bass")) for one in taught["policy"]]
    assert values == [(pytest.approx(1.0), pytest.approx(0.0))] * 2


def test_a_role_s_baseline_follows_its_returns_from_rollout_to_rollout(file: Path) -> None:
    scenario = scenario_of(file, *RELAY, "credit={name: role_baseline, decay: 0.5}")
    rollouts = scripted(scenario, speaker="oracle", listener="oracle")
    episodes = rollouts.run(make_tasks(scenario, "train", range(2)))
    lessons = Lessons(scenario, {}, rollouts)
    first, _ = asyncio.run(lessons.of(episodes, BOTH))
    again = Lessons(scenario, {}, rollouts)
    again.load_state_dict(lessons.state_dict())
    second, metrics = asyncio.run(again.of(episodes, BOTH))
    assert [one.reward("speaker") for one in first["speaker"]] == [1.0, 0.5]
    assert [one.reward("speaker") for one in second["speaker"]] == [0.25, 0.125]
    assert metrics["speaker/baseline"] == 1 - 0.5**4


def test_shared_pays_the_sum_once(file: Path) -> None:
    scenario = scenario_of(file, *RELAY, "credit=shared")
    rollouts = scripted(scenario, speaker="oracle", listener="oracle")
    episodes = rollouts.run(make_tasks(scenario, "train", range(1)))
    lesson, _ = asyncio.run(Lessons(scenario, {}, rollouts).of(episodes, BOTH))
    assert [lesson[role][0].reward(role) for role in ("speaker", "listener")] == [2.0, 2.0]


def test_own_hands_out_the_very_episodes_that_were_played(file: Path) -> None:
    scenario = scenario_of(file, *RELAY)
    rollouts = scripted(scenario, speaker="oracle", listener="oracle")
    episodes = rollouts.run(make_tasks(scenario, "train", range(1)))
    lesson, _ = asyncio.run(Lessons(scenario, {}, rollouts).of(episodes, BOTH))
    assert lesson["speaker"][0] is episodes[0]


def frozen(file: Path) -> tuple[Scenario, Lessons, list[Episode]]:
    """Return lessons after the listener's weights have changed in the middle of a phase, and what was played then."""
    scenario = scenario_of(file, *RELAY, "credit=frozen_partner")
    policies = make_policies(scenario, critic=False)
    rollouts = make_rollouts(scenario, policy_players(scenario, policies), "train")
    lessons = Lessons(scenario, policies, rollouts)
    lessons.begin_phase()
    with torch.no_grad():
        for weight in policies["listener"].parameters():
            weight.mul_(-3.0)
    policies["listener"].version += 1
    return scenario, lessons, rollouts.run(make_tasks(scenario, "train", range(2), range(3)))


def test_a_frozen_partner_plays_by_the_weights_the_phase_began_with(file: Path) -> None:
    scenario, lessons, episodes = frozen(file)
    began = make_policies(scenario, critic=False)  # from the same seed
    players = policy_players(scenario, {"speaker": lessons.policies["speaker"], "listener": began["listener"]})
    asked = make_rollouts(scenario, players, "train/speaker").run(make_tasks(scenario, "train", range(2), range(3)))
    lesson = asyncio.run(lessons.of(episodes, BOTH))[0]["speaker"]
    assert replies(lesson, "listener") == replies(asked, "listener") != replies(episodes, "listener")
    assert not any(step.token_ids for one in lesson for step in one.steps if step.agent == "listener")


def test_where_the_partner_does_not_learn_frozen_is_the_same_as_own(file: Path) -> None:
    _, lessons, episodes = frozen(file)
    lesson = asyncio.run(lessons.of(episodes, {"speaker": ["speaker"]}))[0]["speaker"]
    assert replies(lesson, "listener") == replies(episodes, "listener")
    assert [one.reward("speaker") for one in lesson] == [one.reward("speaker") for one in episodes]


def test_the_seats_of_one_policy_learn_in_one_step_and_are_compared_each_with_its_own(file: Path) -> None:
    stage = make_stage("train", scenario_of(file))
    stage.advance()
    batch = stage.trainees["policy"].batch
    assert batch is not None
    assert batch.roles == ["soprano", "alto", "tenor", "bass"]
    assert len(set(zip(batch.group.tolist(), batch.role.tolist(), strict=True))) == len(batch.group.unique()) == 8
