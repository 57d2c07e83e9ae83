"""Are ratios, surrogates and aggregations the numbers the papers define?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import (
    aggregate,
    bounded_ratio,
    cispo,
    clipped,
    gated,
    is_clipped,
    own_gradient,
    reinforce,
    sequence_ratio,
    token_ratio,
    value_loss,
)
from syllogym.errors import UserError
from tests.algorithms.flat import batch_of, close, doubles, flat

Vector = Callable[[str], dict[str, Any]]


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
    silent = is_clipped(ratio, flat(case["inputs"]["advantages"], mask), 0.2, 0.2)
    assert silent.double().mean().item() == pytest.approx(expected["clipfrac"], abs=case["tol"])
    moved = kl_estimate(flat(case["inputs"]["old_logp"], mask), logprobs.detach(), "k1").mean().item()
    assert moved == pytest.approx(expected["approx_kl_k1"], abs=case["tol"])


def test_the_dual_clip_matches_the_vector(vector: Vector) -> None:
    case = vector("ppo_dual_clip")
    logprobs, old, advantage, mask = (case["inputs"][key] for key in ("logp", "old_logp", "advantages", "mask"))
    ratio = token_ratio(flat(logprobs, mask), flat(old, mask))
    loss = clipped(ratio, flat(advantage, mask), 0.2, 0.2, dual=case["params"]["c"])
    close(loss, flat(case["expected"]["token_loss"], mask), case["tol"])
    whole = aggregate(loss, batch_of(mask), "token").item()
    assert whole == pytest.approx(case["expected"]["loss_token_mean"], abs=case["tol"])


def test_two_sided_clipping_is_the_dual_clip(vector: Vector) -> None:
    case = vector("two_sided_clip")
    params = case["params"]

    def loss(logprobs: Tensor, old: Tensor, advantage: Tensor, batch: Batch) -> Tensor:
        bounds = params["clip_low"], params["clip_high"], params["delta"]
        return aggregate(clipped(token_ratio(logprobs, old), advantage, *bounds), batch, "token")

    agrees_with_vector(case, loss)


def test_the_sequences_ratio_matches_the_vector(vector: Vector) -> None:
    case = vector("gspo")
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_of(mask)
    ratio = sequence_ratio(flat(given["logp"], mask), flat(given["old_logp"], mask), batch.sequence)
    close(ratio, doubles(*case["expected"]["seq_ratio"])[batch.sequence], case["tol"])


def test_a_ratio_with_its_own_gradient_has_the_same_value() -> None:
    logprobs = doubles(-1.0, -2.0).requires_grad_()
    ratio = own_gradient(sequence_ratio(logprobs, doubles(-1.5, -1.8), torch.tensor([0, 0])), logprobs)
    close(ratio.detach(), doubles(0.15, 0.15).exp())
    (first,) = torch.autograd.grad(ratio[0], logprobs)
    close(first, doubles(0.15, 0.0).exp() * doubles(1, 0))


def test_the_geometric_mean_of_clipped_ratios_matches_the_vector(vector: Vector) -> None:
    case = vector("gmpo_loss")
    bounds = case["params"]["log_clip_low"], case["params"]["log_clip_high"]

    def loss(logprobs: Tensor, old: Tensor, advantage: Tensor, batch: Batch) -> Tensor:
        ratio = bounded_ratio(logprobs, old, advantage, batch.sequence, *bounds)
        return aggregate(-advantage * ratio, batch, "sequence-mean")

    agrees_with_vector(case, loss)


def test_the_gated_surrogate_matches_the_vector(vector: Vector) -> None:
    case = vector("sapo_loss")
    taus = case["params"]["tau_pos"], case["params"]["tau_neg"]

    def loss(logprobs: Tensor, old: Tensor, advantage: Tensor, batch: Batch) -> Tensor:
        return aggregate(gated(token_ratio(logprobs, old), advantage, *taus), batch, "sequence-mean")

    agrees_with_vector(case, loss)


def agrees_with_vector(case: Any, loss: Callable[[Tensor, Tensor, Tensor, Batch], Tensor]) -> None:
    """Check a loss, and its gradient with respect to the log-probs, of a vector with one advantage a sequence."""
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_of(mask)
    logprobs = flat(given["logp"], mask).requires_grad_()
    found = loss(logprobs, flat(given["old_logp"], mask), doubles(*given["advantages"])[batch.sequence], batch)
    assert found.item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])
    (gradient,) = torch.autograd.grad(found, logprobs)
    close(gradient, flat(case["expected"]["grad_logp"], mask), case["tol"])


def test_cispo_matches_the_vector(vector: Vector) -> None:
    case = vector("cispo")
    given, expected, mask = case["inputs"], case["expected"], case["inputs"]["mask"]
    logprobs, advantage = flat(given["logp"], mask).requires_grad_(), flat(given["advantages"], mask)
    ratio = token_ratio(logprobs, flat(given["old_logp"], mask))
    loss = cispo(logprobs, ratio, advantage, 1.0, case["params"]["eps_high"])
    close(loss.detach(), flat(expected["token_loss"], mask), case["tol"])
    weight = -loss.detach() / (advantage * logprobs.detach())
    close(weight, flat(expected["weights"], mask), case["tol"])
    whole = aggregate(loss, batch_of(mask), "token")
    assert whole.item() == pytest.approx(expected["loss"], abs=case["tol"])
    (gradient,) = torch.autograd.grad(whole, logprobs)
    close(gradient, flat(expected["grad_logp"], mask), case["tol"])


def test_the_policy_gradients_loss_by_hand() -> None:
    close(reinforce(doubles(-1.0, -2.0), doubles(3.0, -0.5)), doubles(3.0, -1.0))


def test_clipping_takes_the_gradient_only_of_a_ratio_that_went_the_advantages_way() -> None:
    ratio, advantage = doubles(1.25, 1.35, 1.35, 0.7, 0.7, 9.0), doubles(1, 1, -1, 1, -1, 0)
    assert is_clipped(ratio, advantage, 0.2, 0.3).tolist() == [False, True, False, False, True, False]


@pytest.mark.parametrize("name", ["reinforce", "clipped", "dual", "sequence", "bounded", "gated", "cispo"])
def test_the_gradient_of_a_surrogate_is_that_of_finite_differences(name: str) -> None:
    # ratios 1.05, 1.5, 0.95, 0.5 and 1.01 against advantages of both signs: none stands at a kink
    old, sequence = torch.full((5,), -1.0, dtype=torch.float64), torch.tensor([0, 0, 0, 1, 1])
    now = (old + doubles(1.05, 1.5, 0.95, 0.5, 1.01).log()).requires_grad_()
    held = token_ratio(now, old).detach().clone()
    advantage = doubles(1.0, 1.0, -1.0, -2.0, 0.5)
    surrogates: dict[str, Callable[[Tensor], Tensor]] = {
        "reinforce": lambda logprobs: reinforce(logprobs, advantage),
        "clipped": lambda logprobs: clipped(token_ratio(logprobs, old), advantage, 0.2, 0.28),
        "dual": lambda logprobs: clipped(token_ratio(logprobs, old), advantage, 0.2, 0.28, 3.0),
        "sequence": lambda logprobs: clipped(sequence_ratio(logprobs, old, sequence), advantage, 0.2, 0.28),
        "bounded": lambda logprobs: -advantage * bounded_ratio(logprobs, old, advantage, sequence, 0.4, 0.4),
        "gated": lambda logprobs: gated(token_ratio(logprobs, old), advantage, 1.0, 1.05),
        "cispo": lambda logprobs: cispo(logprobs, held, advantage, 1.0, 0.28),
    }
    assert torch.autograd.gradcheck(surrogates[name], (now,))


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


def test_a_constant_length_is_the_same_for_every_sequence() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]])
    assert aggregate(doubles(1, 2, 3, 10), batch, "constant", 4).item() == 2.0


def test_a_constant_that_is_missing_is_asked_for() -> None:
    with pytest.raises(UserError, match="length"):
        aggregate(doubles(1.0), batch_of([[1]]), "constant")


def test_sequences_without_a_token_that_counts_leave_the_count() -> None:
    batch = batch_of([[1, 1], [1, 1]])
    keep = torch.tensor([True, False, False, False])
    kept = batch.counting(keep).at(keep.nonzero()[:, 0])
    assert aggregate(doubles(3.0), kept, "sequence-mean").item() == 3.0
    assert aggregate(doubles(3.0), kept, "token").item() == 3.0


def test_nothing_that_counts_is_no_loss() -> None:
    batch = batch_of([[1, 1]])
    none = torch.tensor([False, False])
    kept = batch.counting(none).at(none.nonzero()[:, 0])
    assert [aggregate(doubles(), kept, how).item() for how in ("token", "sequence-mean", "sequence-sum")] == [0.0] * 3


@pytest.mark.parametrize("how", ["token", "sequence-mean", "sequence-sum", "constant"])
def test_micro_batches_add_up_to_the_whole(how: Any) -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0], [1, 1, 0]])
    loss = torch.arange(6, dtype=torch.float64)
    parts = [aggregate(loss[index], part, how, 3.0) for part, index in batch.micro_batches(1)]
    assert len(parts) == 3
    close(torch.stack(parts).sum(), aggregate(loss, batch, how, 3.0))
