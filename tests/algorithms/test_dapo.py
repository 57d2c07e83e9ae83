"""Is DAPO the method of its paper: clip-higher, mixed groups, token mean, and care for long replies?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.losses import aggregate, clipped
from syllogym.algorithms.core.rewards import Overlong
from syllogym.algorithms.dapo import DAPO
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.gradients import agrees_with_differences
from tests.algorithms.rare import batches_until_even


def test_the_loss_matches_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("dapo_clip_higher")
    given, expected, mask = case["inputs"], case["expected"], case["inputs"]["mask"]
    method = DAPO(clip=case["params"]["clip_low"], clip_high=case["params"]["clip_high"])
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs, advantage = flat(given["logp"], mask), flat(given["advantages"], mask)
    loss = method.loss(Scores(logprobs, torch.zeros(7)), batch, Credit(advantage))
    assert loss.item() == pytest.approx(expected["loss_token_mean"], abs=case["tol"])
    tokens = clipped(method.ratio(logprobs, batch), advantage, method.clip, method.clip_high)
    torch.testing.assert_close(tokens, flat(expected["token_loss"], mask), rtol=case["tol"], atol=case["tol"])
    contrast = aggregate(tokens, batch, "sequence-mean").item()
    assert contrast == pytest.approx(expected["loss_sample_mean_for_contrast"], abs=case["tol"])


@pytest.mark.parametrize("key", ["max_new_prob_for_old_0.01", "max_new_prob_for_old_0.01_sym"])
def test_a_rare_token_rises_in_a_batch_as_far_as_the_vector_says(
    vector: Callable[[str], dict[str, Any]], key: str
) -> None:
    case = vector("dapo_clip_higher")
    high = case["params"]["clip_low" if key.endswith("sym") else "clip_high"]
    limit = 0.01 * (1 + DAPO(clip_high=high).clip_range[1])  # type: ignore[index]
    assert limit == pytest.approx(case["expected"][key], abs=case["tol"])


def test_clip_higher_raises_rare_actions_sooner() -> None:
    # log 50 / log 1.2 = 21.5 and log 50 / log 1.28 = 15.8 batches
    assert batches_until_even(DAPO(clip_high=0.2)) == 21
    assert batches_until_even(DAPO()) == 16


def test_every_token_weighs_the_same() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]], proximal=[[-1, -1, -1], [-1, 0, 0]])
    scores = Scores(torch.full((4,), -1.0), torch.zeros(4))
    assert DAPO().loss(scores, batch, Credit(torch.tensor([1.0, 1.0, 1.0, -1.0]))).item() == pytest.approx(-2 / 4)


def test_a_punished_reply_stands_lower_in_its_group() -> None:
    batch = batch_of([[1, 1, 1], [1, 0, 0]], reward=[[0, 0, 1], [1, 0, 0]], group=[0, 0])
    found = DAPO(overlong=Overlong(max_length=4, cache=2)).advantages(batch).advantage
    # outcomes 1 - 1/2 and 1: half a mean's distance of a quarter over a deviation of 1 / sqrt(8)
    torch.testing.assert_close(found[-1].item(), 0.25 * 8**0.5, rtol=0, atol=1e-5)


def test_groups_are_mixed_by_what_was_right_and_not_by_length() -> None:
    batch = batch_of([[1, 1], [1, 0], [1, 1], [1, 0]], reward=[[0, -0.5], [0, 0], [0, 1], [0, 0]], group=[0, 0, 1, 1])
    batch.correct = torch.tensor([0.0, 0.0, 1.0, 0.0])
    assert DAPO().informative(batch).tolist() == [False, False, True, True]
    assert DAPO(dynamic_sampling=False).informative(batch).all()


@pytest.mark.parametrize(("filter_cut", "kept"), [(True, [False, False, True]), (False, None)])
def test_tokens_of_cut_replies_do_not_count_unless_they_shall(filter_cut: bool, kept: list[bool] | None) -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [0, 0]], group=[0, 0])
    batch.cut = torch.tensor([True, False])
    keep = DAPO(filter_cut=filter_cut).advantages(batch).keep
    assert (None if keep is None else keep.tolist()) == kept


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(DAPO())
