"""Does every update rule move every weight, in the way its name says?"""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.optim import AdamW, Muon

from syllogym.agents.policy import Policy
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.learner import Learner, Optimiser
from syllogym.algorithms.core.update_rules import update_rules
from syllogym.algorithms.sft import SFT
from tests.agents.models import tiny_policy
from tests.algorithms.steps import episodes


def learner(policy: Policy, **settings: Any) -> Learner:
    return Learner(policy, SFT(), Optimiser(clip_norm=1e9, **settings), steps=10)


def demonstrated() -> Batch:
    batch = Batch.of(episodes())
    batch.demonstrated = ~batch.demonstrated
    return batch


@pytest.mark.parametrize("rule", ["adamw", "sgd", "muon"])
def test_every_weight_moves_and_the_loss_falls(rule: Any) -> None:
    policy = tiny_policy()
    before = {name: weight.detach().clone() for name, weight in policy.named_parameters()}
    teacher, batch = learner(policy, rule=rule, lr=0.01), demonstrated()
    credit = teacher.prepare(batch)
    losses = [teacher.update(batch, credit)["loss"] for _ in range(5)]
    assert losses == sorted(losses, reverse=True)
    assert not [name for name, weight in policy.named_parameters() if torch.equal(weight, before[name])]


def test_muon_takes_the_hidden_matrices_and_adamw_the_rest() -> None:
    policy = tiny_policy(critic="head")
    settings: Any = {"lr": 0.1, "betas": (0.9, 0.95), "momentum": 0.9, "weight_decay": 0.0}
    rules = {type(rule): rule.param_groups[0]["params"] for rule in update_rules("muon", policy, **settings)}
    names = {id(weight): name for name, weight in policy.named_parameters()}
    others = {names[id(weight)] for weight in rules[AdamW]}
    assert {names[id(weight)] for weight in rules[Muon]} == set(names.values()) - others
    assert all(name.endswith(("norm.weight", "bias")) for name in others - {
        "model.model.embed_tokens.weight", "model.lm_head.weight", "critic.head.weight",
    })  # fmt: skip


def test_sgd_without_momentum_goes_down_the_gradient() -> None:
    policy = tiny_policy()
    before = [weight.detach().clone() for weight in policy.parameters()]
    batch = demonstrated()
    teacher = learner(policy, rule="sgd", lr=0.5, momentum=0.0)
    teacher.update(batch, teacher.prepare(batch))
    for old, new in zip(before, policy.parameters(), strict=True):
        assert new.grad is not None
        torch.testing.assert_close(new.detach(), old - 0.5 * new.grad)
