"""Is a run that breaks down stopped, with what broke it saved for inspection?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import Tensor

from syllogym import algorithms
from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.grpo import GRPO
from syllogym.errors import UserError
from syllogym.scenarios.train import train


@algorithms.register("test-diverged/grpo")
@dataclass(kw_only=True)
class Breaking(GRPO):
    """GRPO whose loss is not a number once half of the run is over."""

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        return super().loss(scores, batch, credit) * (float("nan") if self.progress > 0.5 else 1.0)


def test_the_offending_batch_is_saved_and_the_sentence_says_where(micro: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(UserError, match=r"step 2: The loss is nan\. .*optimiser\.lr.*diverged\.pt"):
        train(str(micro), ["algorithm={name: test-diverged/grpo, minibatches: 2}"], run)
    saved = torch.load(run / "diverged.pt", weights_only=True)
    batch = Batch.from_state_dict(saved["batch"])
    assert saved["step"] == 2
    assert len(batch) == len(saved["credit"]["advantage"]) > 0
    assert batch.trajectories == 4 * 4 / 2
