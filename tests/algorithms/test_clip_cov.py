"""Does Clip-Cov silence a few tokens of high covariance, and so keep the policy's entropy up?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.clip_cov import ClipCov
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.dapo import DAPO
from tests.algorithms.bandits import entropy_at
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.gradients import agrees_with_differences


def test_the_loss_matches_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("clip_cov")
    given, params, mask = case["inputs"], case["params"], case["inputs"]["mask"]
    method = ClipCov(
        clip=params["clip_low"],
        clip_high=params["clip_high"],
        share=params["clip_cov_ratio"],
        cov_low=params["cov_lb"],
        cov_high=params["cov_ub"],
    )
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs = flat(given["logp"], mask)
    credit = method.refine(logprobs, batch, Credit(flat(given["advantages"], mask)))
    loss = method.loss(Scores(logprobs, torch.zeros(7)), batch, credit)
    assert loss.item() == pytest.approx(case["expected"]["loss_token_mean"], abs=case["tol"])


def test_a_token_whose_ratio_is_clipped_already_is_not_chosen() -> None:
    batch = batch_of([[1, 1, 1]], proximal=[[-2.0, -0.1, -5.0]])
    method = ClipCov(share=1.0, cov_low=0.0)
    credit = method.refine(flat([-0.1, -0.1, -5.0]), batch, Credit(flat([1.0, 1.0, -2.0])))
    assert credit.advantage.tolist() == [1.0, 0.0, -2.0]  # the third's covariance is above the band


def test_entropy_stays_higher_at_the_same_reward() -> None:
    plain, _ = entropy_at(0.8, DAPO(clip=1.0, clip_high=1.0))
    kept, _ = entropy_at(0.8, ClipCov(share=0.2, cov_low=0.05, cov_high=1e9))
    assert kept > 1.1 * plain


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(ClipCov())
