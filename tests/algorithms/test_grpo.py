"""Is GRPO the method of its paper?"""

from __future__ import annotations

import pytest
import torch

from syllogym.algorithms.grpo import GRPO
from tests.algorithms.flat import batch_of
from tests.algorithms.gradients import agrees_with_differences


def test_each_token_gets_the_standing_of_its_reply_in_its_group() -> None:
    # group 5: returns 1 and 3, mean 2, sample standard deviation sqrt(2)
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [3, 0]], group=[5, 5])
    wanted = torch.tensor([-(2**-0.5), -(2**-0.5), 2**-0.5], dtype=torch.float64)
    torch.testing.assert_close(GRPO().advantages(batch).advantage, wanted, rtol=0, atol=1e-6)


def test_the_gradient_is_that_of_the_loss() -> None:
    agrees_with_differences(GRPO())


@pytest.mark.parametrize(("kl", "needed"), [(0.0, False), (0.1, True)])
def test_a_reference_is_needed_when_the_kl_has_weight(kl: float, needed: bool) -> None:
    assert GRPO(kl=kl).needs_reference is needed
