"""Which of its own replies does a policy imitate? The best of each group, or every right one that differs."""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.filters import raw_metric
from syllogym.algorithms.core.groups import Groups, group_advantage


def best_of_group(batch: Batch) -> Tensor:
    """Choose the best trajectory of each group, the first of equals (RAFT, arXiv 2304.06767). Returns (M,) bool."""
    best = group_advantage(batch.outcome, batch.group, "max", "none") == 0
    place = torch.arange(len(best)).where(best, len(best))
    return place == Groups(batch.group).lowest(place)


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
