"""Does a policy learn by its adapter alone, also along the natural gradient and with a critic?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.agents.lora import Lora
from tests.algorithms.steps import method
from tests.algorithms.toy import learn, toy_policy

SETTINGS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "grpo": ({}, {}),
    "ppo": ({"epochs": 4, "critic": "model"}, {"lr": 5e-3}),
    "trpo": ({"delta": 0.1, "iterations": 5}, {"steps": 15}),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_an_adapter_alone_learns_the_letters(name: str) -> None:
    settings, run = SETTINGS[name]
    learnt = learn(method(name, **settings), lora=Lora(rank=8), **run)
    assert learnt.rewards[0] < 0.25
    assert learnt.final > 0.7
    assert max(report["engine_gap_max"] for report in learnt.reports) < 1e-4
    begun = dict(toy_policy().model.named_parameters())
    now = {name.replace(".base_layer", ""): weight for name, weight in learnt.policy.model.named_parameters()}
    assert all(now[name].equal(begun[name]) for name in begun)
