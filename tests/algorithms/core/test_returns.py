"""Are returns and generalised advantages the numbers their papers define?"""

from __future__ import annotations

import pytest
import torch

from syllogym.algorithms.core.returns import explained_variance, gae, gae_by_turn, n_step, outcomes, returns_to_go
from tests.algorithms.flat import close, doubles


def test_outcomes_add_up_by_trajectory() -> None:
    close(outcomes(doubles(1, 2, 4, 8), torch.tensor([0, 0, 1, 2])), doubles(3, 4, 8))


def test_returns_to_go_discount_what_comes_later() -> None:
    close(returns_to_go(doubles(0, 0, 1, 2, 4), torch.tensor([0, 0, 0, 1, 1]), 0.5), doubles(0.25, 0.5, 1, 4, 4))


def test_gae_by_hand() -> None:
    # deltas: 0 + .5*.4 - .2 = 0 and 1 - .4 = .6; advantages .6 and 0 + .5*.5*.6 = .15
    advantage, target = gae(doubles(0, 1), doubles(0.2, 0.4), torch.tensor([0, 0]), 0.5, 0.5)
    close(advantage, doubles(0.15, 0.6))
    close(target, doubles(0.35, 1.0))


def test_gae_does_not_look_into_the_next_trajectory() -> None:
    trajectory = torch.tensor([0, 0, 1])
    first = gae(doubles(0, 1, 5), doubles(0.2, 0.4, 7), trajectory, 0.9, 0.9)[0]
    other = gae(doubles(0, 1, -3), doubles(0.2, 0.4, 0), trajectory, 0.9, 0.9)[0]
    close(first[:2], other[:2])


def test_a_known_value_after_the_last_token_is_paid_on_top() -> None:
    # the first trajectory goes on with a value of 2, the second is over
    reward, values, trajectory = doubles(1, 3), doubles(0, 0), torch.tensor([0, 1])
    close(gae(reward, values, trajectory, 0.5, bootstrap=doubles(2, 0))[0], doubles(1 + 0.5 * 2, 3))


def test_a_turn_is_one_step() -> None:
    # two replies of two tokens and one: rewards .25 and 1, values .2 and .4 before each; gamma and lambda act once
    last = torch.tensor([False, True, True])
    reward, values, trajectory = doubles(0.05, 0.2, 1), doubles(0.2, 9, 0.4), torch.tensor([0, 0, 0])
    advantage, target = gae_by_turn(reward, values, trajectory, last, 0.5, 0.5)
    first = (0.25 + 0.5 * 0.4 - 0.2) + 0.25 * 0.6
    close(advantage, doubles(first, first, 0.6))
    close(target, doubles(first + 0.2, first + 0.2, 1))


def test_turns_of_one_token_are_tokens() -> None:
    reward, values, trajectory = doubles(0, 1, 2), doubles(0.2, 0.4, -1), torch.tensor([0, 0, 1])
    by_turn = gae_by_turn(reward, values, trajectory, torch.tensor([True, True, True]), 0.9, 0.8)
    close(by_turn[0], gae(reward, values, trajectory, 0.9, 0.8)[0])


def test_returns_of_n_steps_by_hand() -> None:
    # two steps ahead: 1 + .5*2 + .25*V_2; 2 + .5*4 + .25*V_3 (over: 0); 4
    advantage, target = n_step(doubles(1, 2, 4), doubles(0.1, 0.2, 0.4), torch.zeros(3).long(), 0.5, 2)
    close(target, doubles(2.1, 4, 4))
    close(advantage, doubles(2.0, 3.8, 3.6))


@pytest.mark.parametrize(("steps", "lam"), [(1, 0.0), (9, 1.0)])
def test_one_step_and_all_steps_are_the_ends_of_gae(steps: int, lam: float) -> None:
    reward, values, trajectory = doubles(0, 1, 2, 3), doubles(0.2, 0.4, -1, 3), torch.tensor([0, 0, 0, 1])
    close(n_step(reward, values, trajectory, 0.9, steps)[0], gae(reward, values, trajectory, 0.9, lam)[0])


@pytest.mark.parametrize(("values", "share"), [((1.0, 2.0, 3.0), 1.0), ((2.0, 2.0, 2.0), 0.0), ((3.0, 2.0, 1.0), -3.0)])
def test_explained_variance(values: tuple[float, ...], share: float) -> None:
    assert explained_variance(doubles(*values), doubles(1, 2, 3)) == pytest.approx(share)
