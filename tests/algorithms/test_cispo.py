"""Is CISPO the method of its paper?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.cispo import CISPO
from syllogym.algorithms.core.base import Credit
from tests.algorithms.flat import batch_of, flat
from tests.algorithms.rare import batches_until_even


def test_the_loss_and_its_gradient_match_the_vector(vector: Callable[[str], dict[str, Any]]) -> None:
    case = vector("cispo")
    given, mask = case["inputs"], case["inputs"]["mask"]
    batch = batch_of(mask, proximal=given["old_logp"])
    logprobs = flat(given["logp"], mask).requires_grad_()
    method = CISPO(clip_high=case["params"]["eps_high"])
    loss = method.loss(Scores(logprobs, torch.zeros(7)), batch, Credit(flat(given["advantages"], mask)))
    assert loss.item() == pytest.approx(case["expected"]["loss"], abs=case["tol"])
    (gradient,) = torch.autograd.grad(loss, logprobs)
    torch.testing.assert_close(gradient, flat(case["expected"]["grad_logp"], mask), rtol=0, atol=case["tol"])


def test_the_cap_is_one_more_than_the_setting_where_trl_names_the_cap_itself(
    vector: Callable[[str], dict[str, Any]],
) -> None:
    params = vector("cispo")["params"]
    assert 1 + CISPO(clip_high=params["eps_high"]).clip_high == params["trl_epsilon_high_equivalent"]


def test_a_rare_action_rises_in_one_batch() -> None:
    assert batches_until_even(CISPO()) == 1


@pytest.mark.parametrize("clip", [1.0, 0.2])
def test_the_weight_is_bounded_below_only_when_asked_for(clip: float) -> None:
    batch = batch_of([[1]], proximal=[[0.0]])
    scores = Scores(torch.tensor([0.5], dtype=torch.float64).log(), torch.zeros(1))
    loss = CISPO(clip=clip).loss(scores, batch, Credit(flat([1.0])))
    assert loss.item() == pytest.approx(max(0.5, 1 - clip) * 0.6931471805599453)
