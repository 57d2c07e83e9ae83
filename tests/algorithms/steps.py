"""What does a method do to a policy in one optimiser step on made-up episodes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import torch
from torch import Tensor

from syllogym import algorithms
from syllogym.agents.episode import Episode
from syllogym.agents.policy import Policy
from syllogym.algorithms.core.base import Algorithm
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.envs import Prompt, Reply
from tests.agents.models import tiny_policy

Turns = Sequence[tuple[list[int], list[int]]]

METHODS = [name for name in algorithms.registry.own_names() if issubclass(algorithms.get(name), Algorithm)]
"""Every method that learns tokens; those that learn values take no such steps."""


def method(name: str, **settings: Any) -> Algorithm:
    """Return a method with these settings, those left out that it does not have."""
    cls = algorithms.get(name)
    known = {field.name for field in fields(cls)}
    made: Algorithm = cls(**{key: value for key, value in settings.items() if key in known})
    return made


def episode_of(turns: Turns, reward: float, group: int = 0) -> Episode:
    """Return an episode of (prompt ids, reply ids), paid at its end."""
    episode = Episode("env", 0, group=group)
    for turn, (new, ids) in enumerate(turns):
        said = Reply("", prompt_ids=new, token_ids=ids, logprobs=[-1.0] * len(ids))
        episode.append("agent", turn, Prompt("?"), said, turn - 1)
    episode.pay("agent", len(turns) - 1, reward)
    return episode


def episodes(shift: float = 0.0) -> list[Episode]:
    """Return eight replies of unequal lengths in four groups, none with equal rewards; `shift` raises the first's."""
    rewards = [float(at % 2) + 0.1 * at + shift * (at < 2) for at in range(8)]
    turns = [([7, 8, 9][: 1 + at % 3], list(range(10, 12 + at))) for at in range(8)]
    return [episode_of([turn], rewards[at], at // 2) for at, turn in enumerate(turns)]


def gradient(policy: Policy) -> Tensor:
    """Return the gradient of all weights as one vector."""
    return torch.cat([w.grad.flatten() for w in policy.parameters() if w.grad is not None])


def step(
    algorithm: Algorithm, played: list[Episode], *, dtype: torch.dtype = torch.float32, **settings: Any
) -> tuple[Policy, dict[str, float]]:
    """Return a fresh policy after one optimiser step on some episodes, and the step's report."""
    policy = tiny_policy(critic=getattr(algorithm, "critic", None)).to(dtype)
    learner = Learner(policy, algorithm, Optimiser(clip_norm=1e9, **settings), steps=10)
    for episode in played:
        episode.demonstrated = algorithm.needs_demonstrations and not algorithm.needs_groups
    batch = Batch.of(played)
    reference = tiny_policy(seed=1) if algorithm.needs_reference else None
    teacher = tiny_policy(seed=2) if algorithm.needs_teacher else None
    return policy, learner.update(batch, learner.prepare(batch, reference, teacher))
