"""Do returns, baselines, groups and the methods made of them give credit as it was computed independently?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.algorithms.a2c import A2C
from syllogym.algorithms.core.base import Algorithm
from syllogym.algorithms.core.baselines import whiten
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.groups import (
    Groups,
    best_advantage,
    greedy_advantage,
    group_advantage,
    length_weighted_advantage,
    signal_advantage,
)
from syllogym.algorithms.core.kl import penalised
from syllogym.algorithms.core.losses import value_loss
from syllogym.algorithms.core.returns import gae, n_step, returns_to_go
from syllogym.algorithms.dr_grpo import DrGRPO
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.grpo_process import ProcessGRPO
from syllogym.algorithms.orz import OpenReasonerZero
from syllogym.algorithms.reinforce_pp import ReinforcePP
from syllogym.algorithms.reinforce_pp_baseline import ReinforcePPBaseline
from syllogym.algorithms.rloo import RLOO
from tests.algorithms.conformance import Case, Given, agrees, padded, paid_last
from tests.algorithms.flat import batch_of, close, doubles, flat, ones, owner


def replies(rewards: Any) -> Batch:
    """Return a batch of replies of one token, a group in each row of the rewards."""
    group = owner(ones(rewards)).tolist()
    return batch_of([[1]] * len(group), reward=[[paid] for row in rewards for paid in row], group=group)


def reinforce_returns(given: Given, params: Given) -> Given:
    mask = ones(given["rewards"])
    return {"returns": padded(returns_to_go(flat(given["rewards"]), owner(mask), params["gamma"]), mask)}


def a2c_advantages(given: Given, params: Given) -> Given:
    rewards, values = doubles(*given["rewards"]), doubles(*given["values"][:-1])
    follows = {"bootstrap": doubles(given["values"][-1])}
    whole, gamma = torch.zeros(4).long(), params["gamma"]
    advantage, target = n_step(rewards, values, whole, gamma, 4, **follows)
    close(gae(rewards, values, whole, gamma, A2C().lam, **follows)[0], advantage)  # the default looks to the end, too
    return {
        "td_errors": gae(rewards, values, whole, gamma, 0.0, **follows)[0],
        "nstep_returns": target,
        "nstep_advantages": advantage,
        "value_loss_mse": 2 * value_loss(values, values, target).mean(),
    }


def estimated(given: Given, params: Given) -> Given:
    mask = given["mask"]
    rewards, values = flat(given["rewards"], mask), flat(given["values"], mask)
    advantage, target = gae(rewards, values, owner(mask), params["gamma"], params["lam"])
    return {"advantages": padded(advantage, mask), "returns": padded(target, mask)}


def gae_and_whitened(given: Given, params: Given) -> Given:
    mask, found = given["mask"], estimated(given, params)
    column = flat(found["advantages"].tolist(), mask)
    whitened = {"whitened": padded(whiten(column), mask), "whitened_population": padded(whiten(column, ddof=0), mask)}
    return {**found, **whitened}


def gae_orz(given: Given, params: Given) -> Given:
    batch = batch_of(given["mask"], reward=given["rewards"], values=given["values"])
    credit, found = OpenReasonerZero().advantages(batch), estimated(given, params)
    close(credit.advantage, whiten(flat(found["advantages"].tolist(), given["mask"])))
    assert credit.target is not None
    return {**found, "returns": padded(credit.target, given["mask"])}


def grpo_advantage(given: Given, params: Given) -> Given:
    rewards = given["rewards"]
    batch = replies(rewards)
    groups, outcome = Groups(batch.group), batch.outcome

    def found(**how: Any) -> Tensor:
        return group_advantage(outcome, batch.group, **how)

    close(GRPO().advantages(batch).advantage, found())
    return {
        "sample_std_eps1e-6": found(),
        "sample_std_eps1e-4": found(eps=1e-4),
        "population_std_eps1e-6": found(ddof=0),
        "mean": groups.mean(outcome)[::4],
        "std_sample": groups.std(outcome)[::4],
        "std_population": groups.std(outcome, 0)[::4],
        "WRONG_max_baseline": GRPO(baseline="max").advantages(batch).advantage,
    }


def grpo_batch_std(given: Given, params: Given) -> Given:
    batch = replies(given["rewards"])
    advantage = group_advantage(batch.outcome, batch.group, scale="batch", eps=params["eps"])
    return {"advantages": advantage, "batch_std": batch.outcome.std()}


def grpo_process_advantage(given: Given, params: Given) -> Given:
    ends = given["step_end_token"]
    width = max(end[-1] + 1 for end in ends)
    mask = [[int(at <= end[-1]) for at in range(width)] for end in ends]
    batch = batch_of(mask, group=[0] * len(mask))
    batch.last = torch.cat([torch.tensor([at in end for at in range(end[-1] + 1)]) for end in ends])
    batch.reward[batch.last] = doubles(*(reward for rewards in given["step_rewards"] for reward in rewards))
    advantage = ProcessGRPO().advantages(batch).advantage
    return {"token_advantages": torch.cat([advantage[batch.trajectory == row] for row in range(len(mask))])}


def advantages_of(algorithm: Algorithm) -> Callable[[Given, Given], Given]:
    def found(given: Given, params: Given) -> Given:
        advantage = algorithm.advantages(replies(given["rewards"])).advantage
        return {"advantages": advantage}

    return found


def reinforcepp(given: Given, params: Given) -> Given:
    mask, beta = given["mask"], params["beta"]
    reward = paid_last(given["scores"], mask)
    batch = batch_of(mask, reward=reward, proximal=given["logp"], reference=given["ref_logp"])
    rewards = penalised(batch, beta)
    returns = returns_to_go(rewards, batch.trajectory, params["gamma"])
    return {
        "token_rewards": padded(rewards, mask),
        "returns": padded(returns, mask),
        "advantages_population": padded(whiten(returns, ddof=0), mask),
        "advantages_bessel": padded(ReinforcePP(kl=beta).advantages(batch).advantage, mask),
    }


def reinforcepp_baseline(given: Given, params: Given) -> Given:
    mask = given["mask"]
    batch = batch_of(mask, reward=paid_last(given["scores"], mask), group=given["group"])
    centred = group_advantage(batch.outcome, batch.group, "mean", "none")
    return {
        "centered": centred,
        "advantages_population": padded(whiten(centred[batch.trajectory], ddof=0), mask),
        "advantages_bessel": padded(ReinforcePPBaseline().advantages(batch).advantage, mask),
    }


def opo_advantage(given: Given, params: Given) -> Given:
    rewards, outcome = given["rewards"], flat(given["rewards"])
    advantage = length_weighted_advantage(outcome, owner(ones(rewards)), flat(given["lengths"]))
    return {"advantages": advantage, "baseline": (outcome - advantage)[::4]}


def remax_advantage(given: Given, params: Given) -> Given:
    return {"advantages": greedy_advantage(doubles(*given["rewards"]), doubles(*given["greedy_rewards"]))}


def gpg_advantage(given: Given, params: Given) -> Given:
    rewards = given["rewards"]
    outcome, group = flat(rewards), owner(ones(rewards))
    advantage = signal_advantage(outcome, group)
    alpha = advantage[0] / group_advantage(outcome, group, scale="none")[0]
    return {"alpha": alpha, "advantages": advantage}


def grpo_passk_advantage(given: Given, params: Given) -> Given:
    rewards = given["rewards"]
    return {"advantages": best_advantage(flat(rewards), owner(ones(rewards)))}


CASES: dict[str, Case] = {
    "reinforce_returns": reinforce_returns,
    "a2c_advantages": a2c_advantages,
    "gae": gae_and_whitened,
    "gae_orz": gae_orz,
    "gae_multiturn_mask": estimated,
    "grpo_advantage": grpo_advantage,
    "grpo_batch_std": grpo_batch_std,
    "grpo_process_advantage": grpo_process_advantage,
    "drgrpo_advantage": advantages_of(DrGRPO()),
    "rloo_advantage": advantages_of(RLOO()),
    "reinforcepp": reinforcepp,
    "reinforcepp_baseline": reinforcepp_baseline,
    "opo_advantage": opo_advantage,
    "remax_advantage": remax_advantage,
    "gpg_advantage": gpg_advantage,
    "grpo_passk_advantage": grpo_passk_advantage,
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_the_vector_comes_out(vector: Callable[[str], Given], name: str) -> None:
    agrees(CASES[name], vector(name))
