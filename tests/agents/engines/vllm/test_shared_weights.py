"""Does another process see the weights, as they are, and as they become?"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from syllogym.agents.engines.vllm.shared_weights import SharedWeights, at

WEIGHTS: dict[str, Tensor] = {
    "matrix": torch.arange(6.0).view(2, 3),
    "scalar": torch.tensor(2.5),
    "nothing": torch.empty(0, 4),
    "places": torch.tensor([3, 1]),
    "half": torch.tensor([1.5], dtype=torch.bfloat16),
}


@pytest.fixture
def shared() -> Iterator[SharedWeights]:
    shared = SharedWeights(WEIGHTS.items(), torch.float32)
    yield shared
    shared.close()


def seen(shared: SharedWeights) -> dict[str, Tensor]:
    return dict(at(f"/proc/{os.getpid()}/fd/{shared.file}", shared.layout))


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_reader_sees_each_weight(shared: SharedWeights, name: str) -> None:
    found = seen(shared)[name]
    assert found.shape == WEIGHTS[name].shape
    assert torch.equal(found, WEIGHTS[name].to(found.dtype))


def test_floating_point_numbers_are_kept_in_the_type_that_was_asked_for(shared: SharedWeights) -> None:
    types = {name: weight.dtype for name, weight in seen(shared).items()}
    assert {types.pop("places"), *types.values()} == {torch.int64, torch.float32}


def test_a_reader_sees_what_is_written_later(shared: SharedWeights) -> None:
    before = seen(shared)["matrix"]
    shared.write({**WEIGHTS, "matrix": -WEIGHTS["matrix"]}.items())
    assert torch.equal(before, -WEIGHTS["matrix"])


def test_other_weights_than_at_first_are_refused(shared: SharedWeights) -> None:
    with pytest.raises(ValueError, match=r"\['matrix'\]"):
        shared.write((name, weight) for name, weight in WEIGHTS.items() if name != "matrix")


def test_more_memory_than_there_is_is_refused_before_it_is_used() -> None:
    too_large = torch.empty(1).expand(2**60)
    with pytest.raises(MemoryError, match="GiB, and"):
        SharedWeights([("w", too_large)], torch.float32)
