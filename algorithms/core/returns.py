"""What came after an action, and how far does that differ from what was expected? Returns, GAE, the critic's worth.

Everything is flat: `reward` and `values` are (A,) over action tokens, `trajectory` (A,) numbers the trajectory of each
token from 0 to M - 1, tokens of one trajectory stand together in order of time. Observation tokens do not exist here,
so no discount decays across them.

A trajectory's last token is followed by the value `bootstrap` (M,), zero by default: the episode is over. An episode
that only a time limit ended would go on from there; a batch holds values before its tokens and none after the last, so
methods do not bootstrap, and whoever knows that value can give it.
"""

from __future__ import annotations

import torch
from torch import Tensor


def outcomes(reward: Tensor, trajectory: Tensor) -> Tensor:
    """Return the sum of each trajectory's token rewards, (M,)."""
    return torch.zeros(int(trajectory[-1]) + 1, dtype=reward.dtype).index_add(0, trajectory, reward)


def returns_to_go(reward: Tensor, trajectory: Tensor, gamma: float = 1.0) -> Tensor:
    """Return G_t = r_t + gamma * G_{t+1} for each token, (A,)."""
    return gae(reward, torch.zeros_like(reward), trajectory, gamma, 1.0)[0]


def gae(
    reward: Tensor,
    values: Tensor,
    trajectory: Tensor,
    gamma: float = 1.0,
    lam: float = 1.0,
    bootstrap: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Generalised advantage estimation (arXiv 1506.02438) over action tokens.

    Returns:
        Advantages and value targets (advantage + value), both (A,).
    """
    delta, index = _errors(reward, values, trajectory, gamma, bootstrap)
    advantage = torch.zeros_like(delta)
    running = torch.zeros_like(delta[:, 0])
    for t in range(delta.shape[1] - 1, -1, -1):
        running = delta[:, t] + gamma * lam * running
        advantage[:, t] = running
    flat = advantage[trajectory, index]
    return flat, flat + values


def gae_by_turn(
    reward: Tensor, values: Tensor, trajectory: Tensor, last: Tensor, gamma: float = 1.0, lam: float = 1.0
) -> tuple[Tensor, Tensor]:
    """Generalised advantage estimation in which one step is one whole reply (arXiv 2402.19446).

    A reply is worth what the critic says before its first token, and is paid the sum of its tokens' rewards. All its
    tokens share its advantage and its value target. `last` (A,) is true at the last token of each reply.
    """
    first = torch.cat([torch.ones_like(last[:1]), last[:-1]])
    turn = first.cumsum(0) - 1
    advantage, target = gae(outcomes(reward, turn), values[first], trajectory[first], gamma, lam)
    return advantage[turn], target[turn]


def n_step(
    reward: Tensor, values: Tensor, trajectory: Tensor, gamma: float, steps: int, bootstrap: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Look `steps` tokens ahead and trust the critic from there (arXiv 1602.01783).

    R_t = r_t + ... + gamma^(n-1) r_{t+n-1} + gamma^n V_{t+n}; nearer the end, up to the end.

    Returns:
        Advantages R_t - V_t and value targets R_t, both (A,).
    """
    delta, index = _errors(reward, values, trajectory, gamma, bootstrap)
    width = delta.shape[1]
    advantage = torch.zeros_like(delta)
    for ahead in range(min(steps, width)):
        advantage[:, : width - ahead] += gamma**ahead * delta[:, ahead:]
    flat = advantage[trajectory, index]
    return flat, flat + values


def explained_variance(values: Tensor, target: Tensor) -> float:
    """Return how much of the targets' variance the critic explains: 1 is all, 0 what their mean would."""
    spread = float(target.var(correction=0))
    return 1.0 - float((target - values).var(correction=0)) / spread if spread > 0 else 0.0


def _errors(
    reward: Tensor, values: Tensor, trajectory: Tensor, gamma: float, bootstrap: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Return r_t + gamma V_{t+1} - V_t as (M, T), zero on the right, and each token's index inside its row, (A,)."""
    size = torch.bincount(trajectory)
    index = torch.arange(len(trajectory)) - (size.cumsum(0) - size)[trajectory]
    following = torch.zeros_like(values)
    following[:-1] = torch.where(trajectory[1:] == trajectory[:-1], values[1:], following[:-1])
    if bootstrap is not None:
        following[size.cumsum(0) - 1] = bootstrap
    errors = torch.zeros((len(size), int(size.max())), dtype=reward.dtype)
    errors[trajectory, index] = reward + gamma * following - values
    return errors, index
