"""Are a method's settings checked where they are set?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym import algorithms
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.ppo import PPO
from syllogym.errors import UserError
from syllogym.scenarios.member_spec import AlgorithmSpec
from tests.algorithms.flat import batch_of
from tests.algorithms.steps import METHODS


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("setting", ["epochs", "minibatches"])
def test_a_method_takes_at_least_one_pass(name: str, setting: str) -> None:
    with pytest.raises(UserError, match=f"{name}: {setting}"):
        algorithms.get(name)(**{setting: 0})


def test_updates_are_epochs_times_minibatches() -> None:
    assert algorithms.get("ppo")(epochs=3, minibatches=2).updates == 6


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("ppo", "lam", 1.1),
        ("ppo", "lam", -0.1),
        ("a2c", "gamma", 2.0),
        ("reinforce", "decay", -1.0),
        ("grpo", "clip", 0.0),
        ("ppo", "clip", -0.2),
        ("ppo", "value_clip", 0.0),
        ("ppo", "dual", 0.0),
        ("a2c", "steps", 0),
        ("dr_grpo", "length", 0),
        ("dapo", "clip_high", 0.0),
        ("high_entropy", "share", 0.0),
        ("kl_cov", "share", 1.5),
    ],
)
def test_a_setting_out_of_its_range_is_the_users_mistake(name: str, setting: str, value: float) -> None:
    with pytest.raises(UserError, match=rf"^{name}: {setting} must .* it is {value}\.$"):
        algorithms.get(name)(**{setting: value})


@pytest.mark.parametrize(
    ("kl", "needed"),
    [
        (0.0, False),
        (0.1, True),
        (Coefficient(coefficient=0.0), False),
        (Coefficient(coefficient=0.0, schedule="linear", end=0.1), True),
    ],
)
def test_a_reference_is_needed_when_the_kl_ever_has_weight(kl: float | Coefficient, needed: bool) -> None:
    assert GRPO(kl=kl).needs_reference is needed


def test_a_scheduled_coefficient_follows_the_run() -> None:
    method = GRPO(kl=Coefficient(coefficient=0.4, schedule="linear"))
    method.progress = 0.75
    assert method.now(method.kl) == pytest.approx(0.1)


@pytest.mark.parametrize(("logprob", "weight"), [(-1.0, 1.02), (-2.5, 0.98)])
def test_a_steered_kl_weighs_more_while_trajectories_go_too_far(logprob: float, weight: float) -> None:
    # two trajectories of two tokens, 4 and 1 nats from the reference in all, where 2 are wanted
    batch = batch_of([[1, 1]] * 2, proximal=[[logprob] * 2] * 2, reference=[[-3.0] * 2] * 2)
    method = GRPO(kl=Coefficient(coefficient=1.0, target=2.0, horizon=20))
    method.steer(batch)
    assert method.now(method.kl) == pytest.approx(weight)


def test_a_steered_coefficient_is_part_of_the_state() -> None:
    first, second = (GRPO(kl=Coefficient(coefficient=1.0, target=2.0)) for _ in range(2))
    first.steer(batch_of([[1]], proximal=[[-1.0]], reference=[[-9.0]]))
    second.load_state_dict(first.state_dict())
    assert second.now(second.kl) == first.now(first.kl) > 1.0


def test_what_does_not_change_is_not_remembered() -> None:
    assert GRPO(kl=0.1).state_dict() == {}


def test_a_scenario_writes_a_coefficient_as_a_number_or_as_a_mapping() -> None:
    written = AlgorithmSpec.model_validate({"name": "ppo", "kl": 1, "entropy": {"coefficient": 0.1, "target": 0.5}})
    assert written.make() == PPO(kl=1.0, entropy=Coefficient(coefficient=0.1, target=0.5))


@pytest.mark.parametrize(
    ("kl", "complaint"),
    [
        ({"coefficient": 0.1, "aim": 6}, r"grpo\.kl\.Coefficient\.aim: unexpected keyword argument; it is 6"),
        ({"coefficient": 0.0, "target": 6}, "A steered coefficient needs target and coefficient above 0"),
    ],
)
def test_a_coefficient_written_wrongly_is_the_users_mistake(kl: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        AlgorithmSpec.model_validate({"name": "grpo", "kl": kl})
