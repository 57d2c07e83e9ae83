"""Does KL-Cov hold a few tokens of high covariance near the old policy, and so keep its entropy up?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.kl_cov import KLCov
from tests.algorithms.bandits import entropy_at
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.gradients import agrees_with_differences


def test_the_loss_matches_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("kl_cov")
    given, params, mask = case["inputs"], case["params"], case["inputs"]["mask"]
    method = KLCov(share=params["kl_cov_ratio"], beta=params["ppo_kl_coef"])
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs = flat(given["logp"], mask)
    credit = method.refine(logprobs, batch, Credit(flat(given["advantages"], mask)))
    loss = method.loss(Scores(logprobs, torch.zeros(7)), batch, credit)
    assert loss.item() == pytest.approx(case["expected"]["loss_token_mean"], abs=case["tol"])


def test_ratios_are_not_clipped() -> None:
    batch = batch_of([[1]], proximal=[[-5.0]])
    credit = Credit(flat([1.0]), chosen=torch.tensor([False]))
    loss = KLCov().loss(Scores(flat([-1.0]), torch.zeros(1)), batch, credit)
    assert loss.item() == pytest.approx(-(2.718281828459045**4))


def test_entropy_stays_higher_at_the_same_reward() -> None:
    plain, _ = entropy_at(0.8, KLCov(share=1e-9, beta=0.0))
    kept, _ = entropy_at(0.8, KLCov(share=0.2, beta=5.0))
    assert kept > 1.2 * plain


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(KLCov())
