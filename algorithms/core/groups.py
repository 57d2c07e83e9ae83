"""How good was a reply beside others to the same prompt? Advantages of groups.

`outcome` and `group` are (M,) over trajectories; those with one number in `group` did the same task in the same role.
Advantages are (M,), one for each whole reply, but where another shape is named.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.returns import returns_to_go
from syllogym.errors import UserError

Baseline = Literal["mean", "leave_one_out", "max", "none"]
Scale = Literal["group", "batch", "none"]


class Groups:
    """Statistics of columns (M,) inside groups, each spread out to its members, (M,) again."""

    def __init__(self, group: Tensor) -> None:
        self.number: Tensor
        self.count: Tensor
        _, self.number, self.count = torch.unique(group, return_inverse=True, return_counts=True)

    @property
    def size(self) -> Tensor:
        """How many members each one's group has."""
        return self.count[self.number]

    def sum(self, column: Tensor) -> Tensor:
        """Add up inside each group."""
        return torch.zeros(len(self.count), dtype=column.dtype).index_add(0, self.number, column)[self.number]

    def mean(self, column: Tensor, weight: Tensor | None = None) -> Tensor:
        """Average inside each group, every member weighing the same or its `weight` (M,)."""
        if weight is None:
            return self.sum(column) / self.size
        return self.sum(weight * column) / self.sum(weight)

    def std(self, column: Tensor, ddof: int = 1) -> Tensor:
        """Return the standard deviation inside each group; it means nothing where there are `ddof` members or fewer."""
        return (self.sum((column - self.mean(column)) ** 2) / (self.size - ddof)).sqrt()

    def lowest(self, column: Tensor) -> Tensor:
        """Return the least of each group."""
        return self._extreme(column, "amin")

    def highest(self, column: Tensor) -> Tensor:
        """Return the greatest of each group."""
        return self._extreme(column, "amax")

    def equal(self, column: Tensor) -> Tensor:
        """Say whose group is all equal; whoever is alone is, too."""
        return self.lowest(column) == self.highest(column)

    def _extreme(self, column: Tensor, which: str) -> Tensor:
        start = torch.zeros(len(self.count), dtype=column.dtype)
        return start.scatter_reduce(0, self.number, column, which, include_self=False)[self.number]


def group_advantage(
    outcome: Tensor,
    group: Tensor,
    baseline: Baseline = "mean",
    scale: Scale = "group",
    ddof: int = 1,
    eps: float = 1e-6,
) -> Tensor:
    """Compare each outcome with the others of its group (arXiv 2402.03300): (R - mean) / (std + eps).

    Args:
        outcome: (M,) returns.
        group: (M,) group of each.
        baseline: what is subtracted. ``mean`` is the method; ``leave_one_out`` is RLOO's (arXiv 2402.14740), ``max`` a
            misprint found in a survey, under which no advantage is ever positive; ``none`` subtracts nothing.
        scale: divide by the standard deviation of the ``group``, or of all outcomes of the ``batch``
            (arXiv 2508.08221), or by ``none`` (Dr. GRPO, arXiv 2503.20783).
        ddof: 1 for the sample's standard deviation, 0 for the population's.
        eps: added to the standard deviation.

    Equal outcomes give exactly zero against a baseline, whatever rounding says, and are never scaled. So does a reply
    that is alone in its group because faults took the others. Raises `UserError` when every group is of one.
    """
    groups = _compared(group)
    equal = groups.equal(outcome)
    advantage = outcome
    if baseline != "none":
        advantage = torch.where(equal, 0.0, outcome - _baseline(groups, outcome, baseline))
    if scale == "none":
        return advantage
    std = groups.std(outcome, ddof) if scale == "group" else outcome.std(correction=ddof)
    return torch.where(equal, advantage, advantage / (std + eps))


def standing(outcome: Tensor, group: Tensor, own: Tensor) -> Tensor:
    """Return GRPO's advantage of the outcomes that are the policy's `own`, (M,) bool, and 1 for demonstrations."""
    advantage = torch.ones_like(outcome)
    advantage[own] = group_advantage(outcome[own], group[own])
    return advantage


def process_advantage(
    reward: Tensor,
    last: Tensor,
    trajectory: Tensor,
    group: Tensor,
    baseline: Baseline = "mean",
    scale: Scale = "group",
    ddof: int = 1,
    eps: float = 1e-6,
) -> Tensor:
    """GRPO with a reward for every turn (arXiv 2402.03300, section 4.1.3): (A,) over action tokens.

    The rewards of all turns of all members of a group are normalised together; a token's advantage is the sum of those
    paid at or after it. `reward`, `last` (true at the last token of each reply) and `trajectory` are (A,); the rest is
    as for `group_advantage`.
    """
    _compared(group)
    paid = torch.zeros_like(reward)
    paid[last] = group_advantage(reward[last], group[trajectory[last]], baseline, scale, ddof, eps)
    return returns_to_go(paid, trajectory)


def length_weighted_advantage(outcome: Tensor, group: Tensor, length: Tensor) -> Tensor:
    """OPO (arXiv 2505.23585): R - sum(length R) / sum(length) inside each group.

    That is the baseline of least variance if the squared gradient of a reply grows with its `length` (M,) in tokens.
    """
    groups = _compared(group)
    advantage = outcome - groups.mean(outcome, length.to(outcome))
    return torch.where(groups.equal(outcome), 0.0, advantage)


def greedy_advantage(outcome: Tensor, greedy: Tensor) -> Tensor:
    """ReMax (arXiv 2310.10505): R minus what the likeliest reply to the same prompt was paid, `greedy` (M,)."""
    return outcome - greedy


def signal_advantage(outcome: Tensor, group: Tensor) -> Tensor:
    """GPG (arXiv 2504.02546): R - mean, scaled up by M over the number of outcomes that are not zero."""
    return group_advantage(outcome, group, scale="none") * (len(outcome) / (outcome != 0).sum().clamp(min=1))


def best_advantage(outcome: Tensor, group: Tensor, eps: float = 1e-6) -> Tensor:
    """Reward pass@k (arXiv 2503.19595): only a group's best gets any, (best - second) / (std + eps); a tie gives 0."""
    groups = _compared(group)
    best = outcome == groups.highest(outcome)
    second = groups.highest(torch.where(best, -torch.inf, outcome))
    alone = best & (groups.sum(best.to(outcome)) == 1) & (groups.size > 1)
    return torch.where(alone, (outcome - second) / (groups.std(outcome) + eps), 0.0)


def equal_groups(outcome: Tensor, group: Tensor) -> float:
    """Return the share of groups whose outcomes are all equal: from them a group method learns nothing."""
    groups = Groups(group)
    return float((groups.equal(outcome) / groups.size).sum() / len(groups.count))


def _compared(group: Tensor) -> Groups:
    groups = Groups(group)
    if int(groups.count.max()) < 2:
        raise UserError("A group method needs at least 2 replies to each prompt: set train.group to 2 or more.")
    return groups


def _baseline(groups: Groups, outcome: Tensor, baseline: Baseline) -> Tensor:
    if baseline == "leave_one_out":
        return (groups.sum(outcome) - outcome) / (groups.size - 1)
    return groups.highest(outcome) if baseline == "max" else groups.mean(outcome)
