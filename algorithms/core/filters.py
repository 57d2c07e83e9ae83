"""Which episodes are worth learning from? Those that differ in their groups, are whole, recent, and have a score."""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.groups import Groups
from syllogym.errors import UserError


def raw_metric(batch: Batch) -> Tensor:
    """Return how well each trajectory did, (M,), by itself: `correct` where that is paid, else the outcome."""
    return torch.where(batch.correct.isnan(), batch.outcome, batch.correct)


def mixed_groups(metric: Tensor, group: Tensor) -> Tensor:
    """Return (M,) bool: true for the trajectories of groups whose metric is not the same for all (arXiv 2503.14476).

    Give the raw metric: a penalty on length tells all-wrong replies apart, and nothing is to be learnt from that.
    """
    return ~Groups(group).equal(metric)


def uncut(batch: Batch) -> Tensor:
    """Return (A,) bool: true for the tokens of trajectories in which no reply was cut at the token limit.

    Raises `UserError` when all were.
    """
    if bool(batch.cut.all()):
        raise UserError(
            "Every reply of this rollout was cut at sampling.max_tokens, so that filtering them leaves nothing to "
            "learn from: raise sampling.max_tokens, or set algorithm.filter_cut to false."
        )
    return ~batch.cut[batch.trajectory]


def recent(batch: Batch, version: int, max_staleness: int) -> Tensor:
    """Return (M,) bool: true where no token was sampled by weights more than `max_staleness` versions old."""
    oldest = torch.full((batch.trajectories,), version).scatter_reduce(0, batch.trajectory, batch.version, "amin")
    return version - oldest <= max_staleness


def scorable(batch: Batch) -> Tensor:
    """Return (M,) bool: true where the outcome is a finite number."""
    return batch.outcome.isfinite()
