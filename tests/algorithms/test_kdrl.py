"""Has KDRL's loss, distillation included, the right gradient?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.algorithms.kdrl import KDRL
from tests.algorithms.gradients import agrees_with_differences


@pytest.mark.parametrize("distil_on", ["all", "wrong"])
def test_the_gradient_is_that_of_the_loss(distil_on: Any) -> None:
    agrees_with_differences(KDRL(distil=0.5, distil_on=distil_on))
