"""How do methods fare on many bandits at once, each a row of a table?"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm
from tests.algorithms.flat import batch_of


def play(
    method: Algorithm,
    *,
    bandits: int = 48,
    arms: int = 40,
    group: int = 16,
    rate: float = 0.5,
    updates: int = 4,
    batches: int = 200,
) -> Iterator[tuple[float, float]]:
    """Yield the expected reward and the mean entropy (nats) before each batch.

    One arm of each bandit pays 1. Every batch, `group` pulls of each, is learnt from in `updates` steps.
    """
    chance = torch.Generator().manual_seed(0)
    logits = torch.randn(bandits, arms, generator=chance, dtype=torch.float64)
    pays = torch.randint(arms, (bandits, 1), generator=chance)
    rows = torch.arange(bandits).repeat_interleave(group)
    for _ in range(batches):
        policy = logits.log_softmax(-1)
        yield float(policy.exp().gather(1, pays).mean()), float(-(policy.exp() * policy).sum(-1).mean())
        pulled = torch.multinomial(policy.exp(), group, replacement=True, generator=chance).flatten()
        reward = (pulled[:, None] == pays[rows]).double()
        rewards, proximal = reward.tolist(), policy[rows, pulled][:, None].tolist()
        batch = batch_of([[1]] * len(rows), reward=rewards, group=rows.tolist(), proximal=proximal)
        batch.entropy = -(policy.exp() * policy).sum(-1)[rows]
        credit = method.advantages(batch)
        for _ in range(updates):
            logits.requires_grad_()
            now = logits.log_softmax(-1)[rows, pulled]
            refined = method.refine(now.detach(), batch, credit)
            (gradient,) = torch.autograd.grad(method.loss(Scores(now, torch.zeros(1)), batch, refined), logits)
            logits = (logits - rate * bandits * gradient).detach()


def entropy_at(wanted: float, method: Algorithm) -> tuple[float, int]:
    """Return the entropy when the expected reward first reaches `wanted`, and after how many batches."""
    return next((entropy, at) for at, (reward, entropy) in enumerate(play(method)) if reward >= wanted)
