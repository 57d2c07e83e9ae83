"""How good was an action, compared with what was expected? Returns, advantages, baselines.

Everything is flat: `reward` and `values` are (A,) over action tokens, `trajectory` (A,) numbers the trajectory of each
token from 0 to M - 1, tokens of one trajectory stand together in order of time. `outcome` and `group` are (M,).
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from syllogym.errors import UserError

Baseline = Literal["mean", "leave_one_out", "max", "none"]


def returns_to_go(reward: Tensor, trajectory: Tensor, gamma: float = 1.0) -> Tensor:
    """Return G_t = r_t + gamma * G_{t+1} for each token, (A,)."""
    return gae(reward, torch.zeros_like(reward), trajectory, gamma, 1.0)[0]


def gae(
    reward: Tensor, values: Tensor, trajectory: Tensor, gamma: float = 1.0, lam: float = 1.0
) -> tuple[Tensor, Tensor]:
    """Generalised advantage estimation (arXiv 1506.02438) over action tokens.

    The value after the last token of a trajectory is zero: the episode is over. Observation tokens do not exist here,
    so neither gamma nor lambda decays across them.

    Returns:
        Advantages and value targets (advantage + value), both (A,).
    """
    rewards, index = _padded(reward, trajectory)
    baseline, _ = _padded(values, trajectory)
    following = torch.cat([baseline[:, 1:], torch.zeros_like(baseline[:, :1])], dim=1)
    delta = rewards + gamma * following - baseline
    advantage = torch.zeros_like(delta)
    running = torch.zeros_like(delta[:, 0])
    for t in range(delta.shape[1] - 1, -1, -1):
        running = delta[:, t] + gamma * lam * running
        advantage[:, t] = running
    flat = advantage[trajectory, index]
    return flat, flat + values


def group_advantage(
    outcome: Tensor, group: Tensor, baseline: Baseline = "mean", scale: bool = True, eps: float = 1e-6
) -> Tensor:
    """Compare each outcome with the others of its group (arXiv 2402.03300): (R - mean) / (std + eps), (M,).

    Args:
        outcome: (M,) returns.
        group: (M,) group of each.
        baseline: what is subtracted. ``mean`` is the method; ``leave_one_out`` is RLOO's (arXiv 2402.14740), ``max`` a
            misprint found in a survey, under which no advantage is ever positive; ``none`` subtracts nothing.
        scale: divide by the group's sample standard deviation (ddof 1). Dr. GRPO does not (arXiv 2503.20783).
        eps: added to the standard deviation.

    Equal outcomes give exactly zero against a baseline, whatever rounding says, and are never scaled. So does a reply
    that is alone in its group because faults took the others. Raises `UserError` when every group is of one.
    """
    _, number, size = torch.unique(group, return_inverse=True, return_counts=True)
    if int(size.max()) < 2:
        raise UserError("A group method needs at least 2 replies to each prompt: set train.group to 2 or more.")
    size = size.to(outcome.dtype)
    mean = torch.zeros_like(size).index_add(0, number, outcome) / size
    low = torch.zeros_like(size).scatter_reduce(0, number, outcome, "amin", include_self=False)
    high = torch.zeros_like(size).scatter_reduce(0, number, outcome, "amax", include_self=False)
    equal = (low == high)[number]
    if baseline == "none":
        advantage = outcome.clone()
    else:
        advantage = outcome - (high if baseline == "max" else mean)[number]
        if baseline == "leave_one_out":
            advantage = advantage * (size / (size - 1))[number]
        advantage = torch.where(equal, torch.zeros_like(advantage), advantage)
    if scale:
        square = torch.zeros_like(size).index_add(0, number, (outcome - mean[number]) ** 2)
        advantage = torch.where(equal, advantage, advantage / ((square / (size - 1)).sqrt() + eps)[number])
    return advantage


def equal_groups(outcome: Tensor, group: Tensor) -> float:
    """Return the share of groups whose outcomes are all equal: from them a group method learns nothing."""
    _, number, size = torch.unique(group, return_inverse=True, return_counts=True)
    zeros = torch.zeros(len(size), dtype=outcome.dtype)
    low = zeros.scatter_reduce(0, number, outcome, "amin", include_self=False)
    high = zeros.scatter_reduce(0, number, outcome, "amax", include_self=False)
    return float((low == high).float().mean())


def whiten(advantage: Tensor, eps: float = 1e-8, ddof: int = 1) -> Tensor:
    """Shift and scale to mean 0 and variance 1 over all action tokens of the rollout: (x - mean) / sqrt(var + eps)."""
    if len(advantage) < 2 or bool((advantage == advantage[0]).all()):
        return torch.zeros_like(advantage)
    return (advantage - advantage.mean()) / (advantage.var(correction=ddof) + eps).sqrt()


def explained_variance(values: Tensor, target: Tensor) -> float:
    """Return how much of the targets' variance the critic explains: 1 is all, 0 what their mean would."""
    spread = float(target.var(correction=0))
    return 1.0 - float((target - values).var(correction=0)) / spread if spread > 0 else 0.0


def _padded(column: Tensor, trajectory: Tensor) -> tuple[Tensor, Tensor]:
    """Return the column as (M, T), padded with zeros on the right, and each token's index inside its row, (A,)."""
    size = torch.bincount(trajectory)
    start = size.cumsum(0) - size
    index = torch.arange(len(trajectory)) - start[trajectory]
    rows = torch.zeros((len(size), int(size.max())), dtype=column.dtype)
    rows[trajectory, index] = column
    return rows, index
