"""How much entropy has a method left when it has learnt what pays? Many bandits at once, each a row of a table."""

from __future__ import annotations

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm
from tests.algorithms.flat import batch_of


def entropy_at(
    wanted: float, method: Algorithm, *, bandits: int = 48, arms: int = 40, group: int = 16, rate: float = 0.5
) -> tuple[float, int]:
    """Return the mean entropy (nats) when the expected reward first reaches `wanted`, and after how many batches.

    One arm of each bandit pays 1. Every batch, `group` pulls of each, is learnt from in four updates.
    """
    chance = torch.Generator().manual_seed(0)
    logits = torch.randn(bandits, arms, generator=chance, dtype=torch.float64)
    pays = torch.randint(arms, (bandits, 1), generator=chance)
    rows = torch.arange(bandits).repeat_interleave(group)
    for batches in range(200):
        policy = logits.log_softmax(-1)
        if policy.exp().gather(1, pays).mean() >= wanted:
            return float(-(policy.exp() * policy).sum(-1).mean()), batches
        pulled = torch.multinomial(policy.exp(), group, replacement=True, generator=chance).flatten()
        reward = (pulled[:, None] == pays[rows]).double()
        old = policy[rows, pulled]
        rewards, proximal = reward.tolist(), old[:, None].tolist()
        batch = batch_of([[1]] * len(rows), reward=rewards, group=rows.tolist(), proximal=proximal)
        batch.entropy = -(policy.exp() * policy).sum(-1)[rows]
        credit = method.advantages(batch)
        for _ in range(4):
            logits.requires_grad_()
            now = logits.log_softmax(-1)[rows, pulled]
            refined = method.refine(now.detach(), batch, credit)
            (gradient,) = torch.autograd.grad(method.loss(Scores(now, torch.zeros(1)), batch, refined), logits)
            logits = (logits - rate * bandits * gradient).detach()
    return 0.0, 200
