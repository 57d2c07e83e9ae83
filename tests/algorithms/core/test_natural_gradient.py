"""Does the natural gradient point where double precision arithmetic says, and never leave the ball of KL?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from syllogym.algorithms.core.natural_gradient import (
    TrustRegion,
    conjugate_gradient,
    fisher_product,
    mean_kl,
    natural_step,
)


class Table:
    """A softmax policy that is a table of logits, and samples from it with their advantages."""

    def __init__(self, theta: Any, states: Any, actions: Any, advantages: Any) -> None:
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.float64))
        self.states, self.actions = torch.tensor(states), torch.tensor(actions)
        self.advantages = torch.as_tensor(advantages, dtype=torch.float64)
        (self.before,) = [distribution.detach() for _, distribution in self.look()]
        self.loss().backward()

    def look(self) -> Iterator[tuple[Tensor, Tensor]]:
        yield self.loss(), self.theta.log_softmax(-1)[self.states]

    def loss(self) -> Tensor:
        now = self.theta.log_softmax(-1)[self.states, self.actions]
        then = self.before.gather(-1, self.actions[:, None])[:, 0] if hasattr(self, "before") else now.detach()
        return -(self.advantages * (now - then).exp()).mean()

    @torch.no_grad()
    def kl(self) -> float:
        return float(mean_kl([self.before], [distribution for _, distribution in self.look()]))

    def full_step(self, delta: float, damping: float) -> tuple[Tensor, Tensor]:
        """Return the direction, and the size of the step before any backtracking."""
        assert self.theta.grad is not None
        product = lambda vector: self.fisher(vector) + damping * vector  # noqa: E731
        direction = conjugate_gradient(product, -self.theta.grad.flatten(), 10)
        return direction, (2 * delta / (direction @ product(direction))).sqrt()

    def fisher(self, vector: Tensor) -> Tensor:
        return fisher_product([self.theta], self.look, [self.before], vector)


@pytest.fixture
def case(vector: Callable[[str], dict[str, Any]]) -> Callable[[str], tuple[Table, dict[str, Any]]]:
    return lambda name: (Table(**vector(name)["inputs"]), vector(name))


def region(delta: float, damping: float, shrink: float = 0.8, tries: int = 10) -> TrustRegion:
    return TrustRegion(delta=delta, damping=damping, iterations=10, shrink=shrink, tries=tries)


def close(given: Any, wanted: Any, tolerance: float) -> None:
    given = torch.as_tensor(given, dtype=torch.float64)
    torch.testing.assert_close(
        given.detach(), torch.tensor(wanted, dtype=torch.float64), rtol=tolerance, atol=tolerance
    )


def test_the_direction_matches_the_vector(case: Callable[[str], tuple[Table, dict[str, Any]]]) -> None:
    table, found = case("trpo")
    wanted, tolerance = found["expected"], found["tol"]
    direction, size = table.full_step(found["params"]["delta"], found["params"]["damping"])
    assert table.theta.grad is not None
    close(-table.theta.grad, wanted["g"], tolerance)
    close(torch.stack([table.fisher(row) for row in torch.eye(6, dtype=torch.float64)]), wanted["F"], tolerance)
    close(direction, wanted["x"], tolerance)
    close(size, wanted["step_size"], tolerance)


def test_the_step_matches_the_vector(case: Callable[[str], tuple[Table, dict[str, Any]]]) -> None:
    table, found = case("trpo")
    wanted, tolerance, params = found["expected"], found["tol"], found["params"]
    close(-table.loss(), wanted["surrogate_before"], tolerance)
    bounds = region(params["delta"], params["damping"], params["backtrack"])
    report = natural_step([table.theta], table.look, bounds)
    close(table.theta, wanted["new_theta"], tolerance)
    close(table.theta.softmax(-1), wanted["new_probs"], tolerance)
    close(-table.loss(), wanted["surrogate_after"], tolerance)
    close(report["step_kl"], wanted["new_kl"], tolerance)
    assert report["backtracks"] == wanted["accepted_j"]


def test_a_step_too_long_shrinks_as_the_vector_does(case: Callable[[str], tuple[Table, dict[str, Any]]]) -> None:
    table, found = case("trpo_backtrack")
    params, start = found["params"], found["inputs"]["theta"]
    direction, size = table.full_step(params["delta"], params["damping"])
    for tries, (scale, surrogate, kl, accepted) in enumerate(found["expected"]["trace"], start=1):
        with torch.no_grad():
            table.theta.copy_(torch.tensor(start) + scale * size * direction.view_as(table.theta))
        close(-table.loss(), surrogate, found["tol"])
        close(table.kl(), kl, found["tol"])
        with torch.no_grad():
            table.theta.copy_(torch.tensor(start))
        bounds = region(params["delta"], params["damping"], params["backtrack"], tries)
        report = natural_step([table.theta], table.look, bounds)
        assert bool(report["accepted"]) is accepted
    assert report["backtracks"] == found["expected"]["accepted_j"]


def test_weights_stay_when_every_try_is_refused() -> None:
    table = Table([[2.0, 0.0]], [0, 0], [0, 1], [-1.0, 1.0])
    before = table.theta.detach().clone()
    report = natural_step([table.theta], table.look, region(0.3, 1e-8, shrink=1.0, tries=3))
    assert report == {"step_kl": 0.0, "backtracks": 3.0, "accepted": 0.0}
    assert torch.equal(table.theta, before)


def test_without_a_gradient_there_is_no_step() -> None:
    table = Table([[0.0, 0.0]], [0, 0], [0, 1], [0.0, 0.0])
    assert natural_step([table.theta], table.look, region(0.01, 0.1))["accepted"] == 0.0
    assert torch.equal(table.theta, torch.zeros(1, 2, dtype=torch.float64))


@pytest.mark.parametrize("seed", range(3))
def test_trpo_nears_the_optimum_and_never_leaves_the_ball(seed: int) -> None:
    chance = torch.Generator().manual_seed(seed)
    payoff = torch.randn(6, 5, generator=chance, dtype=torch.float64)
    theta = torch.zeros(6, 5, dtype=torch.float64)
    for _ in range(40):
        states = torch.randint(6, (400,), generator=chance)
        actions = torch.multinomial(theta.softmax(-1)[states], 1, generator=chance)[:, 0]
        value = (theta.softmax(-1) * payoff).sum(-1)
        table = Table(theta.tolist(), states.tolist(), actions.tolist(), (payoff - value[:, None])[states, actions])
        report = natural_step([table.theta], table.look, region(0.01, 0.1))
        assert table.kl() <= 0.01
        assert report["accepted"]
        theta = table.theta.detach()
    assert float((theta.softmax(-1) * payoff).sum(-1).mean()) > 0.9 * float(payoff.max(-1).values.mean())
