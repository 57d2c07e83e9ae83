"""Is what is too old, or has no score, left out of what is learnt from, and counted?"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syllogym.agents.episode import Episode, Step
from syllogym.algorithms.core.learner import Optimiser
from syllogym.algorithms.grpo import GRPO
from syllogym.errors import UserError
from syllogym.scenarios.trainee import Trainee
from tests.agents.models import tiny_policy

POLICY = tiny_policy(context=16)


def episode(versions: Sequence[int], reward: float = 1.0, *, index: int = 0, demonstrated: bool = False) -> Episode:
    """Return a reply whose tokens were sampled by weights of these versions."""
    switches = [[at, version] for at, version in enumerate(versions) if at]
    move = Step(
        "agent", 0, -1, [], "", [5, 6], [7] * len(versions), [-1.0] * len(versions),
        reward=reward, version=versions[0], switches=switches,
    )  # fmt: skip
    return Episode("env", 0, index=index, steps=[move], demonstrated=demonstrated)


def trainee(staleness: int | None, version: int = 10, *, shown: bool = False) -> Trainee:
    method = GRPO()
    one = Trainee(
        "pupil", ["agent"], POLICY, method, Optimiser(), steps=1, temperature=1.0, staleness=staleness
    )  # fmt: skip
    if shown:
        method.needs_demonstrations = True  # type: ignore[misc]
    POLICY.version = version
    return one


def taken_up(one: Trainee, episodes: Sequence[Episode]) -> dict[str, float]:
    one.take_up(episodes, ["agent"], 0.0, "chance")
    return one.metrics


def test_a_trajectory_with_one_token_too_old_is_left_out_and_counted() -> None:
    one = trainee(2)
    episodes = [episode([8, 8, 9]), episode([7, 8, 9]), episode([10]), episode([9, 10])]
    metrics = taken_up(one, episodes)
    assert metrics["stale"] == 1
    assert metrics["staleness_max"] == 3
    assert metrics["staleness"] == pytest.approx((2 + 2 + 1 + 3 + 2 + 1 + 0 + 1 + 0) / 9)
    assert one.batch is not None
    assert (10 - one.batch.version).tolist() == [2, 2, 1, 0, 1, 0]
    assert len(one.credit.advantage) == 6


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 10), min_size=1, max_size=4), min_size=1, max_size=6), st.integers(0, 10))
def test_what_is_learnt_from_is_what_is_young_enough(versions: list[list[int]], staleness: int) -> None:
    one = trainee(staleness)
    episodes = [episode(ages, float(at % 2), index=at) for at, ages in enumerate([*versions, [10], [10]])]
    metrics = taken_up(one, episodes)
    young = [ages for ages in [*versions, [10], [10]] if 10 - min(ages) <= staleness]
    assert one.batch is not None
    assert one.batch.version.tolist() == [version for ages in young for version in ages]
    assert metrics["stale"] == len(versions) + 2 - len(young)


def test_demonstrations_do_not_age() -> None:
    one = trainee(1, shown=True)
    metrics = taken_up(one, [episode([0], demonstrated=True), episode([10]), episode([9])])
    assert (metrics["stale"], metrics["staleness_max"]) == (0, 1)
    assert one.batch is not None and one.batch.trajectories == 3


def test_without_a_bound_nothing_is_too_old() -> None:
    one = trainee(None)
    assert not {"stale", "staleness"} & taken_up(one, [episode([0]), episode([10])]).keys()
    assert one.batch is not None and one.batch.trajectories == 2


def test_a_return_too_large_for_the_learner_is_left_out_and_counted() -> None:
    one = trainee(None)
    metrics = taken_up(one, [episode([10], 1e39), episode([10], 1.0), episode([10], 0.0)])
    assert metrics["unscorable"] == 1
    assert one.batch is not None and one.batch.outcome.tolist() == [1.0, 0.0]


def test_nothing_left_to_learn_from_is_one_sentence() -> None:
    with pytest.raises(
        UserError, match=r"pupil: none of the 2 trajectories can be learnt from \(1 unscorable, 1 stale\)"
    ):
        taken_up(trainee(1), [episode([0]), episode([10], 1e39)])
