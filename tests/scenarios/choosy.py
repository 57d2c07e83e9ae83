"""What do the tests of refilling play? A game whose groups are often all alike, and a method that leaves those out."""

from __future__ import annotations

import random
from dataclasses import dataclass

from torch import Tensor

from syllogym import algorithms, envs
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.filters import mixed_groups
from syllogym.algorithms.grpo import GRPO
from syllogym.envs import Reply, Reward, TextEnv, Turn


@envs.register("test-choosy/bytes")
class Bytes(TextEnv):
    """Say something whose first letter has an even code; on a hopeless task nothing is ever right."""

    def on_reset(self, rng: random.Random, hopeless: float = 0.5) -> str:
        self.hopeless = rng.random() < hopeless
        return f"Say something to {rng.randrange(10**6)}."

    def on_step(self, reply: Reply) -> Turn:
        right = ord(reply[:1] or "a") % 2 == 0 and not self.hopeless
        return Turn("", Reward(correct=float(right)), over=True)


@algorithms.register("test-choosy/grpo")
@dataclass(kw_only=True)
class Choosy(GRPO):
    """GRPO that learns from mixed groups alone."""

    def informative(self, batch: Batch) -> Tensor:
        return mixed_groups(batch.outcome, batch.group)


CHOOSY = """
environment: {name: test-choosy/bytes, hopeless: 0.5}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 192}}
algorithm: {name: test-choosy/grpo, epochs: 2, minibatches: 2}
train: {steps: 3, prompts: 3, group: 6, refills: 10}
sampling: {max_tokens: 2}
evaluate: {episodes: 4, every: 0}
checkpoint: {every: 1, keep: 100}
threads: 1
"""
