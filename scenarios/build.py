"""How does a scenario become things that run? Policy, players, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import torch

from syllogym.agents.critic import Kind
from syllogym.agents.player import Player, PolicyPlayer
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.value_network import ValueNetwork
from syllogym.agents.value_player import ValuePlayer
from syllogym.agents.value_table import ValueTable
from syllogym.envs.chance import key_of
from syllogym.errors import UserError
from syllogym.scenarios.language_models import LanguageModels
from syllogym.scenarios.policy_spec import PolicySpec
from syllogym.scenarios.schema import Scenario

Trained: TypeAlias = Policy | ValueTable | ValueNetwork
"""Anything that learns: a language model, or values of replies."""


def make_device(scenario: Scenario) -> torch.device:
    """Choose the device, and set the number of threads."""
    if scenario.threads is not None:
        torch.set_num_threads(scenario.threads)
    if scenario.device == "cuda" and not torch.cuda.is_available():
        raise UserError("device: cuda was asked for, but PyTorch sees no GPU here. Use auto or cpu.")
    use_gpu = scenario.device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if use_gpu else "cpu")


def make_policies(scenario: Scenario, *, critic: bool, path: Path | None = None) -> dict[str, Trained]:
    """Load every trained policy from the folder `path`, or begin it as the scenario says.

    Args:
        scenario: names the members. critic: give one to those whose method wants it.
        path: a checkpoint's or a trained model's folder, laid out as `policy_folders` says.
    """
    models = LanguageModels(make_device(scenario))
    folders = policy_folders(scenario, path) if path is not None else {}
    return {
        name: _load(
            member.policy,
            folders.get(name),
            seed=scenario.seed + number,
            critic=_critic(member.algorithm.make()) if critic else None,
            models=models,
        )
        for number, (name, member) in enumerate(scenario.members.items())
    }


def policy_folders(scenario: Scenario, path: Path) -> dict[str, Path]:
    """Return where each trained policy lies in a folder: a team's members in folders of their own."""
    return {name: path / name if scenario.team else path for name in scenario.members}


def make_teacher(scenario: Scenario, pupil: Policy) -> Policy:
    """Load the frozen policy that methods learn from; it must read the pupil's tokens."""
    assert scenario.teacher is not None
    teacher = LanguageModels(pupil.device).make(scenario.teacher, None, seed=scenario.seed, critic=None)
    if teacher.tokenizer.get_vocab() != pupil.tokenizer.get_vocab():
        raise UserError(
            f"teacher: {scenario.teacher.model!r} has another vocabulary than the policy "
            f"({len(teacher.tokenizer)} and {len(pupil.tokenizer)} tokens), so it cannot score the policy's replies."
        )
    return teacher.requires_grad_(False).eval()


def _critic(method: Any) -> Kind | None:
    return getattr(method, "critic", "head") if method.needs_critic else None


def _load(spec: PolicySpec, path: Path | None, *, seed: int, critic: Kind | None, models: LanguageModels) -> Trained:
    if spec.table is not None:
        return ValueTable.load(path) if path else ValueTable(spec.table.initial)
    if spec.network is not None:  # too small for a GPU to pay
        return ValueNetwork.load(path) if path else ValueNetwork(seed, **spec.network.model_dump())
    return models.make(spec, path, seed=seed, critic=critic)


def make_rollouts(scenario: Scenario, players: Mapping[str, Player], key: str) -> Rollouts:
    """Return rollouts in which `players` play the trained policies' parts, by name; `key` seeds their chance."""
    train = scenario.train
    bound = {
        agent: players[name] if name in players else scenario.scripted(agent) for agent, name in scenario.bound.items()
    }
    return Rollouts(
        bound,
        f"{scenario.seed}/{key}",
        live=train.live,
        turn_timeout=train.turn_timeout,
        max_faults=train.max_faults,
        overflow=train.overflow,
        episode_timeout=train.episode_timeout,
        threads=train.threads,
    )


def policy_players(
    scenario: Scenario, policies: Mapping[str, Trained], *, greedy: bool = False, prefill: str = ""
) -> dict[str, Player]:
    """Return a player for each policy, which samples with the scenario's engine, or says what it values most.

    Args:
        scenario: how replies are sampled.
        policies: by member.
        greedy: at the evaluation's temperature, not the training's.
        prefill: how every reply is forced to begin.
    """
    players: dict[str, Player] = {}
    for name, policy in policies.items():
        if not isinstance(policy, Policy):
            players[name] = ValuePlayer(policy, scenario.context)
            continue
        warm = scenario.members[name].sampling
        sampling = replace(warm, temperature=scenario.evaluate.temperature) if greedy else warm
        begun = policy.chat.encode(prefill)
        form = None if scenario.tool_calls == "auto" else scenario.tool_calls
        player = PolicyPlayer(scenario.engine.of(policy), policy.chat, sampling, scenario.context, begun, form)
        players[name] = remembering(scenario, player)
    return players


def remembering(scenario: Scenario, player: Player) -> Player:
    """Return the player with the memory that the scenario gives its policies."""
    return scenario.memory.around(player) if scenario.memory else player


def make_tasks(
    scenario: Scenario,
    split: str,
    numbers: Iterable[int],
    members: Iterable[int] = (0,),
    options: Mapping[str, Any] | None = None,
) -> list[Task]:
    """Return a task for each of `members` on each instance of the split in `numbers`; members differ in their chance.

    Training instances differ with the scenario's seed; evaluation instances never do, so that runs compare.
    """
    spec = scenario.environment
    given = {**spec.options, **(options or {})}
    salt = f"{scenario.seed}/" if split == "train" else ""
    return [
        Task(spec.name, key_of(f"{split}/{salt}{number}") >> 1, given, split, number, member, spec.max_turns)
        for number in numbers
        for member in members
    ]
