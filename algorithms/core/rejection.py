"""Which of its own replies does a policy imitate? The best of each group, or every right one that differs."""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.filters import raw_metric


def best_of_group(batch: Batch) -> Tensor:
    """Choose the best trajectory of each group, the first of equals (RAFT, arXiv 2304.06767). Returns (M,) bool."""
    order = torch.argsort(batch.outcome, descending=True, stable=True)
    groups, number = torch.unique(batch.group[order], return_inverse=True)
    place = torch.arange(len(order))
    first = torch.full_like(groups, len(order)).scatter_reduce(0, number, place, "amin")
    chosen = torch.zeros(len(order), dtype=torch.bool)
    chosen[order[first]] = True
    return chosen


def distinct_correct(batch: Batch) -> Tensor:
    """Choose every right trajectory but those whose tokens an earlier one of the group has (RFT, arXiv 2308.01825).

    Right is one whose raw metric is above zero. Returns (M,) bool.
    """
    words: list[list[int]] = [[] for _ in range(batch.trajectories)]
    for owner, token in zip(batch.trajectory.tolist(), batch.tokens.tolist(), strict=True):
        words[owner].append(token)
    seen: set[tuple[int, ...]] = set()
    chosen = torch.zeros(batch.trajectories, dtype=torch.bool)
    for at in (raw_metric(batch) > 0).nonzero()[:, 0].tolist():
        said = (int(batch.group[at]), *words[at])
        chosen[at] = said not in seen
        seen.add(said)
    return chosen
