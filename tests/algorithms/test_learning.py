"""Does every method learn from scratch? The toy's letters, from one in eight right to nearly all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.algorithms.steps import method
from tests.algorithms.toy import learn

SETTINGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a2c": ({}, {}),
    "cispo": ({"filter_cut": False, "minibatches": 2}, {}),
    "clip_cov": ({"filter_cut": False, "share": 0.1, "cov_low": 0.2}, {}),
    "dapo": ({"filter_cut": False}, {}),
    "dr_grpo": ({}, {}),
    "grpo": ({}, {}),
    "gmpo": ({"minibatches": 2}, {}),
    "grpo_process": ({}, {}),
    "gspo": ({"minibatches": 2}, {}),
    "high_entropy": ({"filter_cut": False, "minibatches": 2}, {}),
    "kl_cov": ({"filter_cut": False, "share": 0.1, "minibatches": 2}, {}),
    "orz": ({"epochs": 4}, {"lr": 5e-3}),
    "reinforce": ({}, {"steps": 60, "prompts": 32, "lr": 3e-3}),
    "reinforce_pp": ({}, {}),
    "reinforce_pp_baseline": ({}, {}),
    "raft": ({}, {"steps": 50}),
    "rloo": ({}, {}),
    "sapo": ({"minibatches": 2}, {}),
    "sft": ({}, {"steps": 20}),
    "srpo": ({"filter_cut": False}, {}),
    "super_rl": ({}, {"sparse": True}),
    "super_rl_hybrid": ({}, {"sparse": True}),
    "trpo": ({"delta": 0.1, "iterations": 5}, {"steps": 15}),
}
"""What is not the default, of each method and of its run. Every reply of the toy ends at its limit, and so is cut."""


@pytest.mark.parametrize("name", SETTINGS)
def test_the_method_learns_the_letters(name: str) -> None:
    settings, run = SETTINGS[name]
    learnt = learn(method(name, **settings), **run)
    assert learnt.rewards[0] < 0.25
    assert learnt.final > 0.8


def test_kdrl_learns_from_a_teacher_what_no_reward_shows_it() -> None:
    teacher = learn(method("sft"), steps=15).policy
    learnt = learn(method("kdrl", distil=1.0), teacher=teacher, steps=25, sparse=True)
    assert learnt.rewards[0] == 0.0
    assert learnt.final > 0.8


def test_ppos_critic_explains_most_of_the_returns_by_the_end() -> None:
    learnt = learn(method("ppo", epochs=4), lr=3e-3, prompts=16, steps=40)
    assert learnt.final > 0.8
    assert sum(report["explained_variance"] for report in learnt.reports[-5:]) / 5 > 0.5
