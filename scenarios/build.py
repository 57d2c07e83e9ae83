"""How does a scenario become things that run? Policy, players, tasks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from syllogym import agents, envs
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import Player, PolicyPlayer
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.envs.chance import key_of
from syllogym.errors import UserError
from syllogym.scenarios.schema import Scenario


def make_device(scenario: Scenario) -> torch.device:
    """Choose the device, and set the number of threads."""
    if scenario.threads is not None:
        torch.set_num_threads(scenario.threads)
    if scenario.device == "cuda" and not torch.cuda.is_available():
        raise UserError("device: cuda was asked for, but PyTorch sees no GPU here. Use auto or cpu.")
    use_gpu = scenario.device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if use_gpu else "cpu")


def make_policy(scenario: Scenario, *, critic: bool, path: str | os.PathLike[str] | None = None) -> Policy:
    """Load the policy from `path` (or the scenario's model), or make it from nothing."""
    device = make_device(scenario)
    source = path or scenario.policy.model
    if source is not None:
        policy = Policy.load(os.fspath(source), critic=critic)
    else:
        assert scenario.policy.tiny is not None
        tokenizer = byte_tokenizer()
        model: Any = tiny_model(tokenizer, seed=scenario.seed, **scenario.policy.tiny.model_dump())
        policy = Policy(model, tokenizer, critic=critic)
    return policy.to(device)


def make_players(scenario: Scenario, policy_player: Player) -> dict[str, Player]:
    """Bind every agent of the environment to who plays it."""
    team = envs.get(scenario.environment.name).agents
    bound = {agent: scenario.players.get(agent, Scenario.trained) for agent in team}
    return {agent: policy_player if name == Scenario.trained else agents.get(name)() for agent, name in bound.items()}


def make_rollouts(scenario: Scenario, player: Player, key: str) -> Rollouts:
    """Return rollouts in which `player` plays the policy's part; `key` seeds their chance."""
    train = scenario.train
    return Rollouts(
        make_players(scenario, player), f"{scenario.seed}/{key}", train.live, train.turn_timeout, train.max_faults
    )


def policy_player(
    scenario: Scenario, policy: Policy, sampling: Sampling | None = None, prefill: Sequence[int] = ()
) -> PolicyPlayer:
    """Return a player that samples from the policy with the embedded engine; `prefill` begins every reply."""
    return PolicyPlayer(LocalEngine(policy), policy.chat, sampling or scenario.sampling, scenario.context, prefill)


def make_tasks(
    scenario: Scenario, split: str, first: int, count: int, group: int = 1, options: Mapping[str, Any] | None = None
) -> list[Task]:
    """Return `group` tasks for each of `count` instances, beginning with instance number `first` of the split.

    Training instances differ with the scenario's seed; evaluation instances never do, so that runs compare.
    """
    spec = scenario.environment
    given = {**spec.options, **(options or {})}
    salt = f"{scenario.seed}/" if split == "train" else ""
    return [
        Task(spec.name, key_of(f"{split}/{salt}{number}") >> 1, given, split, number, index, spec.max_turns)
        for number in range(first, first + count)
        for index in range(group)
    ]
