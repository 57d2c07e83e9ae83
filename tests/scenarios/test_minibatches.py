"""Does every epoch learn from every trajectory once?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from syllogym.algorithms.grpo import GRPO
from syllogym.scenarios.trainee import Trainee


def minibatches(epochs: int, count: int, trajectories: int) -> list[list[int]]:
    trainee: Any = SimpleNamespace(algorithm=GRPO(epochs=epochs, minibatches=count))
    return [part.tolist() for part in Trainee._minibatches(trainee, trajectories, "0/train/3")]


@pytest.mark.parametrize(("count", "trajectories"), [(1, 5), (3, 8), (4, 4), (9, 4)])
def test_an_epoch_visits_every_trajectory_once(count: int, trajectories: int) -> None:
    parts = minibatches(2, count, trajectories)
    half = len(parts) // 2
    for epoch in (parts[:half], parts[half:]):
        assert sorted(at for part in epoch for at in part) == list(range(trajectories))


def test_epochs_differ_and_reruns_agree() -> None:
    first, second = minibatches(2, 1, 20)
    assert first != second
    assert minibatches(2, 1, 20) == [first, second]
