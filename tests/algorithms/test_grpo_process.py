"""Does GRPO with process supervision credit a turn with what it and later ones were paid?"""

from __future__ import annotations

import torch

from syllogym.algorithms.grpo_process import ProcessGRPO
from tests.algorithms.flat import batch_of, close, doubles


def test_a_turn_is_not_blamed_for_what_was_paid_before() -> None:
    # two turns of one token each, paid 1 and 0, and 0 and 1: the mean is 1/2, and so is the population's deviation
    batch = batch_of([[1, 1], [1, 1]], reward=[[1, 0], [0, 1]], group=[0, 0])
    batch.last = torch.ones(4, dtype=torch.bool)
    paid = 0.5 / (1 / 3) ** 0.5
    close(ProcessGRPO().advantages(batch).advantage, doubles(0, -paid, 0, paid), 1e-5)
