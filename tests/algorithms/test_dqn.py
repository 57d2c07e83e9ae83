"""Is DQN the method of its paper?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.agents.action_values import Transition
from syllogym.agents.value_network import ValueNetwork
from syllogym.algorithms.core.learner import Diverged, Optimiser
from syllogym.algorithms.core.q_targets import conservatism
from syllogym.algorithms.core.value_learner import NetworkLearner
from syllogym.algorithms.dqn import DQN
from syllogym.errors import UserError


def columns(case: dict[str, Any]) -> dict[str, Tensor]:
    given = {name: torch.tensor(value, dtype=torch.float64) for name, value in case["inputs"].items()}
    over = given["done"].bool()[:, None]
    for name in ("q_online_next", "q_target_next"):  # where the episode is over no reply is on offer
        given[name] = given[name].masked_fill(over, -torch.inf)
    return {**given, "actions": given["actions"].long()}


@pytest.mark.parametrize(("double", "key"), [(False, "target"), (True, "target_double")])
def test_targets_match_the_vector(vector: Callable[[str], dict[str, Any]], double: bool, key: str) -> None:
    case = vector("dqn")
    given = columns(case)
    method = DQN(gamma=case["params"]["gamma"], double=double)
    target = method.target(given["rewards"], given["q_target_next"], given["q_online_next"])
    assert target.tolist() == pytest.approx(case["expected"][key], abs=case["tol"])


@pytest.mark.parametrize("error", ["huber", "l1"])
def test_losses_match_the_vector(vector: Callable[[str], dict[str, Any]], error: Any) -> None:
    case = vector("dqn")
    given, target = columns(case), torch.tensor(case["expected"]["target"], dtype=torch.float64)
    loss = DQN(error=error).loss(given["q_online_s"], given["actions"], target)
    assert loss.item() == pytest.approx(case["expected"][f"{error}_mean"], abs=case["tol"])


def test_the_conservative_penalty_matches_the_vector_and_has_its_weight(
    vector: Callable[[str], dict[str, Any]],
) -> None:
    case = vector("dqn")
    given, target = columns(case), torch.tensor(case["expected"]["target"], dtype=torch.float64)
    wanted = case["expected"]["cql"]
    assert conservatism(given["q_online_s"], given["actions"]).mean().item() == pytest.approx(wanted, abs=case["tol"])
    loss = DQN(error="l1", conservative=0.2).loss(given["q_online_s"], given["actions"], target)
    assert loss.item() == pytest.approx(case["expected"]["l1_mean"] + 0.2 * wanted, abs=case["tol"])


def test_the_gradient_is_that_of_the_loss() -> None:
    values = torch.tensor([[0.3, -1.2], [2.5, 0.1]], dtype=torch.float64, requires_grad=True)
    taken, target = torch.tensor([0, 1]), torch.tensor([0.1, 3.0], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: DQN(conservative=0.2).loss(x, taken, target), (values,))


def learner(method: DQN, lr: float = 0.01) -> NetworkLearner:
    return NetworkLearner(method, ValueNetwork(width=8, buckets=64), Optimiser(lr=lr), seed=0)


MOVES = [Transition("s", ("a", "b"), "a", 0.0, "t", ("c",), "c"), Transition("t", ("c",), "c", 1.0)]


def test_a_reward_reaches_the_move_that_led_to_it() -> None:
    taught = learner(DQN(begin=1, batch=8, copy_every=5, gamma=0.5))
    for _ in range(150):
        for move in MOVES:
            taught.learn(move)
    assert taught.network.of("t", ["c"]) == pytest.approx([1.0], abs=0.05)
    assert taught.network.of("s", ["a"]) == pytest.approx([0.5], abs=0.05)


def test_the_target_network_follows_every_so_many_steps() -> None:
    taught = learner(DQN(begin=1, batch=2, copy_every=3))
    same = []
    for _ in range(6):
        taught.learn(MOVES[1])
        same.append(torch.equal(taught.follower.head.weight, taught.network.head.weight))
    assert same == [False, False, True, False, False, True]


def test_a_soft_copy_takes_over_its_share() -> None:
    taught = learner(DQN(begin=1, batch=2, copy_every=1, tau=0.25))
    before = taught.follower.head.bias.item()
    taught.learn(MOVES[1])
    assert taught.follower.head.bias.item() == pytest.approx(0.75 * before + 0.25 * taught.network.head.bias.item())


def test_nothing_is_learnt_before_the_buffer_is_filled_and_then_every_so_many_moves() -> None:
    taught = learner(DQN(begin=5, batch=2, every=2))
    taken = []
    for _ in range(8):
        taught.learn(MOVES[1])
        taken.append(taught.updates)
    assert taken == [0, 0, 0, 0, 0, 1, 1, 2]


def test_a_loss_that_is_not_finite_stops_before_any_weight_changes() -> None:
    taught = learner(DQN(begin=1, batch=2))
    with pytest.raises(Diverged, match="The loss is nan"):
        taught.learn(Transition("s", ("a",), "a", float("nan")))
    assert taught.network.of("s", ["a"]) == [0.0]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"batch": 0}, "batch must be at least 1; it is 0"),
        ({"tau": 0.0}, "tau lies above 0 and is at most 1; it is 0.0"),
        ({"conservative": -1.0}, "conservative must not be below 0; it is -1.0"),
    ],
)
def test_a_setting_out_of_range_is_told(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        DQN(**settings)
