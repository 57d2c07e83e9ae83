"""Is a role paid what its credit says, in hand-worked episodes?"""

from __future__ import annotations

import pytest
import torch
from pydantic import ValidationError

from syllogym.agents.episode import Episode, Step
from syllogym.algorithms.core.batch import Batch
from syllogym.scenarios.credit import CreditSpec, less_baseline, paid, spoken_by, team_return


def step(agent: str, turn: int, reward: float, **parts: float) -> Step:
    return Step(agent, turn, -1, [], "x", [1, 2], [5, 6], [-0.5, -0.5], reward, parts)


def episode() -> Episode:
    """Return one in which `a` earns 0.25 and then 1, `b` earns 0.5, and `c`, who never moved, loses 0.125."""
    steps = [step("a", 0, 0.25), step("b", 1, 0.5), step("a", 2, 1.0, correct=1.0)]
    return Episode("games/x", 0, steps=steps, idle={"c": -0.125})


def test_the_team_earns_what_all_agents_earn() -> None:
    assert team_return(episode()) == 0.25 + 0.5 + 1.0 - 0.125


def test_pay_reaches_the_outcome_and_the_last_token_of_the_batch() -> None:
    batch = Batch.of([paid(episode(), {"a": 1.625})], ["a"])
    assert batch.outcome.tolist() == [1.625]
    assert batch.reward.tolist() == [0.0, 0.0, 0.0, 1.625]


def test_pay_leaves_the_episode_its_correctness_and_the_others_as_they_were() -> None:
    before = episode()
    after = paid(before, {"a": 7.0})
    assert before.to_json() == episode().to_json()
    assert (after.reward("b"), after.part("correct", "a")) == (0.5, 1.0)


def test_only_the_one_who_learns_keeps_its_tokens() -> None:
    batch = Batch.of([spoken_by(episode(), "b")])
    assert batch.roles == ["b"]
    assert torch.equal(batch.outcome, torch.tensor([0.5]))


def test_a_credit_is_written_by_its_name_alone() -> None:
    assert CreditSpec.model_validate("shared") == CreditSpec(name="shared")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("sharde", "'own', 'shared', 'difference', 'frozen_partner', 'shapley' or 'role_baseline'"),
        ({"name": "difference", "default": "silnet"}, "no agent 'silnet'. Did you mean silent"),
        (
            {"name": "shared", "default": "silent"},
            "default belongs to the credits difference and shapley; this is shared",
        ),
        ({"name": "shared", "decay": 0.5}, "decay belongs to the credit role_baseline alone; this is shared"),
    ],
)
def test_a_credit_that_does_not_fit_is_explained(given: object, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        CreditSpec.model_validate(given)


def test_a_return_is_compared_with_the_baseline_as_it_was_before_it() -> None:
    advantages, baseline = less_baseline([1.0, 0.0], 0.0, 0.5)
    assert (advantages, baseline) == ([1.0, -0.5], 0.25)
