"""Are baselines what a role ordinarily gets, and does whitening standardise?"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from syllogym.algorithms.core.baselines import RoleBaseline, whiten
from syllogym.algorithms.core.batch import Batch
from tests.algorithms.flat import batch_of, close, doubles


def rollout(*rewards: float, role: list[int] | None = None) -> Batch:
    """Return trajectories of one token each, played by two roles."""
    batch = batch_of([[1]] * len(rewards), reward=[[reward] for reward in rewards])
    batch.role, batch.roles = torch.tensor(role or [0] * len(rewards)), ["asker", "teller"]
    return batch


@pytest.mark.parametrize("values", [(3.0,), (0.1, 0.1, 0.1)])
def test_whitening_what_does_not_vary_gives_zeros(values: tuple[float, ...]) -> None:
    assert (whiten(doubles(*values)) == 0).all()


@pytest.mark.parametrize(("ddof", "std"), [(1, 2**0.5), (0, 1.0)])
def test_whitening_by_hand(ddof: int, std: float) -> None:
    close(whiten(doubles(3, 5), eps=0.0, ddof=ddof), doubles(-1 / std, 1 / std))


def test_no_baseline_is_zero() -> None:
    close(RoleBaseline("none", 0.5).of(rollout(1, 3)), doubles(0, 0))


def test_the_batchs_mean_is_taken_role_by_role() -> None:
    close(RoleBaseline("batch", 0.5).of(rollout(1, 3, 10, role=[0, 0, 1])), doubles(2, 2, 10))


def test_a_moving_baseline_holds_earlier_rollouts_alone() -> None:
    baseline = RoleBaseline("moving", 0.75)
    close(baseline.of(rollout(0, 2)), doubles(1, 1))  # never seen before
    close(baseline.of(rollout(5, 5)), doubles(1, 1))
    close(baseline.of(rollout(9, 9)), doubles(2, 2))  # .75 * 1 + .25 * 5


def test_roles_do_not_share_a_moving_baseline() -> None:
    baseline = RoleBaseline("moving", 0.5)
    baseline.of(rollout(1, -1, role=[0, 1]))
    close(baseline.of(rollout(0, 0, role=[1, 0])), doubles(-1, 1))


def test_a_moving_baseline_goes_on_from_its_state() -> None:
    first, second = RoleBaseline("moving", 0.5), RoleBaseline("moving", 0.5)
    first.of(rollout(4))
    state: dict[str, Any] = first.state_dict()
    first.of(rollout(100))  # what was handed out does not change any more
    second.load_state_dict(state)
    close(second.of(rollout(0)), doubles(4))
