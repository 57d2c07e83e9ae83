"""Are the tokens chosen that the papers choose, and by chance only where they say so?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.core.losses import aggregate, clipped, is_clipped, token_ratio
from syllogym.algorithms.core.selectors import (
    above_quantile,
    chance_of,
    clip_cov,
    covariance,
    kl_cov,
    quantile,
    top_entropy,
)
from tests.algorithms.flat import batch_of, flat

Vector = Callable[[str], dict[str, Any]]


def places(chosen: Tensor, mask: Any) -> list[list[int]]:
    """Return where in an (N, T) array the chosen tokens stand."""
    return (torch.tensor(mask) == 1).nonzero()[chosen].tolist()


def any_seed() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize(("choose", "key"), [(top_entropy, "mask_topk"), (above_quantile, "mask_quantile")])
def test_high_entropy_tokens_match_the_vector(
    vector: Vector, choose: Callable[[Tensor, float], Tensor], key: str
) -> None:
    case = vector("high_entropy_mask")
    mask = case["inputs"]["mask"]
    entropy = flat(case["inputs"]["entropy"], mask)
    chosen = choose(entropy, case["params"]["rho"])
    assert chosen.tolist() == flat(case["expected"][key], mask).bool().tolist()
    assert (len(entropy), int(chosen.sum())) == (case["expected"]["n_valid"], case["expected"]["k_topk"])


def test_the_quantile_lies_where_the_vector_says(vector: Vector) -> None:
    case = vector("high_entropy_mask")
    found = quantile(flat(case["inputs"]["entropy"], case["inputs"]["mask"]), 1.0 - case["params"]["rho"])
    assert found.item() == pytest.approx(case["expected"]["quantile_threshold"], abs=case["tol"])


def test_the_number_of_high_entropy_tokens_is_rounded_up() -> None:
    assert top_entropy(torch.tensor([0.3, 0.1, 0.2]), 0.34).tolist() == [True, False, True]


def test_equal_entropies_are_all_at_their_quantile() -> None:
    assert above_quantile(torch.ones(5), 0.2).all()


@pytest.mark.parametrize("name", ["clip_cov", "kl_cov"])
def test_covariances_match_the_vector(vector: Vector, name: str) -> None:
    case = vector(name)
    mask = case["inputs"]["mask"]
    found = covariance(flat(case["inputs"]["advantages"], mask), flat(case["inputs"]["logp"], mask))
    torch.testing.assert_close(found, flat(case["expected"]["cov"], mask), rtol=case["tol"], atol=case["tol"])


def test_tokens_that_do_not_count_have_no_part_in_the_covariance() -> None:
    advantage, logprobs = flat([1.0, -1.0, 9.0]), flat([-1.0, -3.0, -7.0])
    keep = torch.tensor([True, True, False])
    assert covariance(advantage, logprobs, keep).tolist() == [1.0, 1.0, 0.0]


def test_clip_cov_matches_the_vector(vector: Vector) -> None:
    case = vector("clip_cov")
    given, expected, params, mask = case["inputs"], case["expected"], case["params"], case["inputs"]["mask"]
    logprobs, old, advantage = (flat(given[key], mask) for key in ("logp", "old_logp", "advantages"))
    ratio, bounds = token_ratio(logprobs, old), (params["clip_low"], params["clip_high"])
    band = (params["cov_lb"], params["cov_ub"])
    free = ~is_clipped(ratio, advantage, *bounds)
    chosen = clip_cov(covariance(advantage, logprobs), free, params["clip_cov_ratio"], band, any_seed())
    assert int(params["clip_cov_ratio"] * len(ratio)) == expected["num_to_clip"]
    assert places(chosen, mask) == expected["candidates"]
    batch = batch_of(mask)
    for weight, key in ((~chosen, "loss_token_mean"), (torch.ones(len(ratio)), "loss_without_clip")):
        loss = aggregate(clipped(ratio, advantage * weight, *bounds), batch, "token")
        assert loss.item() == pytest.approx(expected[key], abs=case["tol"])


def test_kl_cov_matches_the_vector(vector: Vector) -> None:
    case = vector("kl_cov")
    mask, share = case["inputs"]["mask"], case["params"]["kl_cov_ratio"]
    advantage, logprobs = (flat(case["inputs"][key], mask) for key in ("advantages", "logp"))
    chosen = kl_cov(covariance(advantage, logprobs), share)
    assert places(chosen, mask) == case["expected"]["selected"]
    assert int(chosen.sum()) == case["expected"]["num_selected"]


def test_clip_cov_takes_no_more_than_its_share_and_only_free_tokens_inside_the_band() -> None:
    found = torch.linspace(0, 9, 10)
    free = found != 3.0
    chosen = clip_cov(found, free, 0.2, (1.0, 5.0), any_seed())
    assert int(chosen.sum()) == 2
    assert set(found[chosen].tolist()) <= {2.0, 4.0}


def test_clip_cov_takes_one_where_the_share_is_less_than_a_token() -> None:
    assert int(clip_cov(torch.full((10,), 2.0), torch.ones(10).bool(), 1e-4, (1.0, 5.0), any_seed()).sum()) == 1


def test_clip_cov_takes_none_where_there_is_no_candidate() -> None:
    assert not clip_cov(torch.zeros(10), torch.ones(10).bool(), 0.5, (1.0, 5.0), any_seed()).any()


def test_the_choice_does_not_depend_on_the_order_of_the_tokens() -> None:
    found = torch.linspace(1.1, 4.9, 40)
    order = torch.randperm(40, generator=any_seed())
    free = torch.ones(40).bool()
    chosen = clip_cov(found, free, 0.2, (1.0, 5.0), any_seed())
    assert torch.equal(clip_cov(found[order], free, 0.2, (1.0, 5.0), any_seed()), chosen[order])


def test_a_batch_seeds_its_own_choices_and_another_batch_others() -> None:
    one, other = batch_of([[1, 1]]), batch_of([[1, 1, 1]])
    draw = [torch.rand(1, generator=chance_of(batch)).item() for batch in (one, one, other)]
    assert draw[0] == draw[1] != draw[2]
