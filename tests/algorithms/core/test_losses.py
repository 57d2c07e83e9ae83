"""Are ratios, surrogates and aggregations the numbers the papers define?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.losses import (
    aggregate,
    clipped,
    token_ratio,
    value_loss,
)
from tests.algorithms.flat import batch_of, flat

Vector = Callable[[str], dict[str, Any]]


def doubles(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def close(actual: Tensor, wanted: Tensor, tol: float = 1e-9) -> None:
    torch.testing.assert_close(actual, wanted, rtol=tol, atol=tol, check_dtype=False)


def test_the_ratio_cannot_overflow() -> None:
    assert token_ratio(doubles(0.0), doubles(-1e4)).isfinite().all()


def test_the_surrogate_by_hand() -> None:
    ratio, advantage = doubles(1.5, 0.5, 1.5, 0.5), doubles(2, 2, -2, -2)
    close(clipped(ratio, advantage, 0.2, 0.2), doubles(-2.4, -1.0, 3.0, 1.6))


def test_unequal_clips_bound_each_side_by_its_own() -> None:
    close(clipped(doubles(1.5, 0.5), doubles(1, -1), 0.2, 0.28), doubles(-1.28, 0.8))


def test_the_dual_clip_bounds_only_negative_advantages() -> None:
    close(clipped(doubles(9.0, 9.0), doubles(-1, 1), 0.2, 0.2, dual=3.0), doubles(3.0, -1.2))


def test_the_surrogate_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_clip")
    mask, expected = case["inputs"]["mask"], case["expected"]
    logprobs = flat(case["inputs"]["logp"], mask).requires_grad_()
    ratio = token_ratio(logprobs, flat(case["inputs"]["old_logp"], mask))
    close(ratio.detach(), flat(expected["ratio"], mask), case["tol"])
    loss = clipped(ratio, flat(case["inputs"]["advantages"], mask), 0.2, 0.2)
    close(loss.detach(), flat(expected["token_loss"], mask), case["tol"])
    batch = batch_of(mask)
    for how, key in (
        ("sequence-mean", "loss_seq_mean_token_mean"),
        ("sequence-sum", "loss_seq_mean_token_sum"),
        ("token", "loss_token_mean"),
    ):
        assert aggregate(loss, batch, how).item() == pytest.approx(expected[key], abs=case["tol"])  # type: ignore[arg-type]
    aggregate(loss, batch, "token").backward()  # type: ignore[no-untyped-call]
    assert logprobs.grad is not None
    close(logprobs.grad, flat(expected["grad_logp_token_mean"], mask), case["tol"])


def test_the_dual_clip_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_dual_clip")
    logprobs, old, advantage, mask = (case["inputs"][key] for key in ("logp", "old_logp", "advantages", "mask"))
    ratio = token_ratio(flat(logprobs, mask), flat(old, mask))
    loss = clipped(ratio, flat(advantage, mask), 0.2, 0.2, dual=case["params"]["c"])
    close(loss, flat(case["expected"]["token_loss"], mask), case["tol"])


def test_the_value_loss_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_value_clip")
    values, old, target = (flat(case["inputs"][key]) for key in ("values", "old_values", "returns"))
    loss = value_loss(values, old, target, case["params"]["clip"])
    close(loss, 0.5 * flat(case["expected"]["token"]), case["tol"])
    assert loss.mean().item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])


def test_the_value_loss_by_hand() -> None:
    close(value_loss(doubles(2.0), doubles(0.0), doubles(1.0)), doubles(0.5))
    close(value_loss(doubles(2.0), doubles(0.0), doubles(1.5), clip=0.5), doubles(0.5 * (0.5 - 1.5) ** 2))


def test_aggregation_by_hand() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]])
    loss = doubles(1, 2, 3, 10)
    assert aggregate(loss, batch, "token").item() == 4.0
    assert aggregate(loss, batch, "sequence-mean").item() == 6.0
    assert aggregate(loss, batch, "sequence-sum").item() == 8.0


@pytest.mark.parametrize("how", ["token", "sequence-mean", "sequence-sum"])
def test_micro_batches_add_up_to_the_whole(how: Any) -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
    loss = torch.arange(6, dtype=torch.float64)
    parts = [aggregate(loss[index], part, how) for part, index in batch.micro_batches(1)]
    assert len(parts) == 3
    close(torch.stack(parts).sum(), aggregate(loss, batch, how))
