"""On what task does a test see within seconds that a method learns? Saying the letters that follow, in two turns.

The policy is made from nothing over eight tokens, so that chance is one in eight and no warm-up is needed. Rewards are
paid in both turns and observations stand between, so that credit, critics and masks are all at work.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models
from transformers import PreTrainedTokenizerFast

from syllogym import envs
from syllogym.agents.critic import Kind
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.lora import Lora, add_adapter
from syllogym.agents.player import DemonstrationPlayer, PolicyPlayer
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.tiny import CHAT_TEMPLATE, tiny_model
from syllogym.algorithms.core.base import Algorithm
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.envs import Reply, Reward, TextEnv, Turn

_LETTERS = "abcd"
_TOKENS = ("<pad>", "<eos>", "<user>", "<assistant>", *_LETTERS)


@envs.register("toy/letters")
class Letters(TextEnv):
    """Twice, say the two letters that follow the one you are shown, in a circle of four.

    Every right letter pays a quarter; with `sparse` only the whole, at the end.
    """

    instance_hidden = True

    def on_reset(self, rng: random.Random, sparse: bool = False) -> str:
        self.shown = rng.choices(_LETTERS, k=2)
        self.sparse = sparse
        self.right = 0
        return self.shown[0]

    def on_step(self, reply: Reply) -> Turn:
        right = sum(said == wanted for said, wanted in zip(reply.ljust(2), self.solve(), strict=False))
        self.right += right
        over = self.turn == 1
        reward = float(self.right == 4) * over if self.sparse else right / 4
        return Turn(self.shown[1], Reward(correct=reward), over=over)

    def solve(self) -> str:
        at = _LETTERS.index(self.shown[self.turn])
        return _LETTERS[(at + 1) % 4] + _LETTERS[(at + 2) % 4]


def toy_policy(*, critic: Kind | None = None, seed: int = 0, lora: Lora | None = None) -> Policy:
    """Make a policy of one layer over the eight tokens, with random weights; with `lora` an adapter alone learns."""
    words = models.BPE(vocab={token: at for at, token in enumerate(_TOKENS)}, merges=[])
    core = Tokenizer(words)
    core.decoder = decoders.Fuse()
    core.add_special_tokens(list(_TOKENS[:4]))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="<pad>", eos_token="<eos>", chat_template=CHAT_TEMPLATE
    )
    model = tiny_model(tokenizer, seed=seed, layers=1, width=32, heads=2, context=32)
    if lora is not None:
        add_adapter(model, lora, seed=seed)
    return Policy(model, tokenizer, critic=critic)


def demonstrations(policy: Policy, tasks: list[Task]) -> list[Episode]:
    """Let the solver play the tasks, in the policy's tokens."""
    episodes = Rollouts({"*": DemonstrationPlayer(policy.chat)}).run(tasks)
    for episode in episodes:
        episode.demonstrated = True
    return episodes


@dataclass
class Learnt:
    """What a run left: mean reward of every rollout before it was learnt from, each last report, and the policy."""

    policy: Policy
    rewards: list[float] = field(default_factory=list)
    reports: list[dict[str, float]] = field(default_factory=list)

    @property
    def final(self) -> float:
        """Mean reward over the last five rollouts."""
        return sum(self.rewards[-5:]) / 5


def learn(
    algorithm: Algorithm,
    *,
    steps: int = 30,
    prompts: int = 8,
    group: int = 8,
    lr: float = 1e-2,
    seed: int = 0,
    teacher: Policy | None = None,
    lora: Lora | None = None,
    **options: Any,
) -> Learnt:
    """Let a method learn the letters; it sees `steps` rollouts of `prompts` times `group` episodes."""
    policy = toy_policy(critic=getattr(algorithm, "critic", None), seed=seed, lora=lora)
    reference = toy_policy(seed=seed) if algorithm.needs_reference else None
    learner = Learner(policy, algorithm, Optimiser(lr=lr, warmup=5), steps=steps * algorithm.updates)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=2))
    rollouts = Rollouts({"*": player})
    chance = torch.Generator().manual_seed(seed)
    learnt = Learnt(policy)
    for step in range(steps):
        algorithm.progress = step / steps
        first = step * prompts
        tasks = [
            Task("toy/letters", number, options, group=number, index=index)
            for number in range(first, first + prompts)
            for index in range(group)
        ]
        played = rollouts.run(tasks)
        learnt.rewards.append(sum(episode.reward() for episode in played) / len(played))
        batch = Batch.of(played + (demonstrations(policy, tasks[::group]) if algorithm.needs_demonstrations else []))
        credit = learner.prepare(batch, reference, teacher)
        for _ in range(algorithm.epochs):
            for keep in torch.randperm(batch.trajectories, generator=chance).chunk(algorithm.minibatches):
                part, index_of_part = batch.select(keep)
                report = learner.update(part, credit.at(index_of_part))
        learnt.reports.append(report)
    return learnt
