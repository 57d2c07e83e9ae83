"""Do losses, KL terms, their controllers and entropy come out as they were computed independently?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.entropy import entropy
from syllogym.algorithms.core.groups import (
    Groups,
)
from syllogym.algorithms.core.kl import kl_estimate, kl_loss, penalised
from syllogym.algorithms.core.losses import aggregate, clipped, reinforce, token_ratio
from syllogym.algorithms.core.returns import outcomes
from syllogym.algorithms.dr_grpo import DrGRPO
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.sft import SFT
from tests.algorithms.conformance import Case, Given, agrees, padded, paid_last
from tests.algorithms.flat import batch_of, doubles, flat, ones
from tests.algorithms.gradients import expected_gradient


def sft_loss(given: Given, params: Given) -> Given:
    batch = batch_of(given["mask"])
    scores = Scores(flat(given["logp"], given["mask"]), torch.zeros(len(batch)))
    credit = SFT().advantages(batch)
    by_sequence = aggregate(reinforce(scores.logprobs, credit.advantage), batch, "sequence-mean")
    return {"token_mean": SFT().loss(scores, batch, credit), "seq_mean_token_mean": by_sequence}


def reinforce_grad(given: Given, params: Given) -> Given:
    logits = torch.tensor(given["logits"], dtype=torch.float64, requires_grad=True)
    logprobs = logits.log_softmax(-1).gather(-1, torch.tensor(given["actions"])[:, None])[:, 0]
    advantage = doubles(*given["returns"]) - doubles(*given["baseline"])
    loss = aggregate(reinforce(logprobs, advantage), batch_of([[1], [1]]), "sequence-sum")
    return {"loss": loss, "grad_logits": torch.autograd.grad(loss, logits)[0]}


def reinforce_baseline_unbiased(given: Given, params: Given) -> Given:
    logits, rewards = doubles(*given["logits"]), doubles(*given["action_rewards"])
    no, some, low = (
        -expected_gradient(logits, lambda now, b=b: reinforce(now, rewards - b))  # type: ignore[misc]
        for b in params["baselines"]
    )
    probs = logits.softmax(0)
    weight = probs * (torch.eye(3) - probs).square().sum(-1)  # of the squared gradient of each action
    optimal = Groups(torch.zeros(3)).mean(rewards, weight)[0]
    return {"grad": no, "grad_b0.7": some, "grad_b-3": low, "optimal_baseline_scalar": optimal}


def kl_estimators(given: Given, params: Given) -> Given:
    logp, reference = flat(given["logp"]), flat(given["ref_logp"])
    names: list[Any] = ["k1", "k2", "k3"]
    return {name: kl_estimate(logp, reference, name)[None] for name in names}


def kl_gradients(given: Given, params: Given) -> Given:
    logits, reference = doubles(*given["logits"]), doubles(*given["ref_probs"]).log()
    probs = logits.softmax(0)

    def expected(**how: Any) -> Tensor:
        return expected_gradient(logits, lambda now: kl_loss(now, reference, **how))

    found: Given = {"KL_pi_ref": (probs * (probs.log() - reference)).sum(), "grad_KL_pi_ref": expected()}
    for name in ("k1", "k2", "k3"):
        found[f"E_{name}"] = (probs * kl_estimate(probs.log(), reference, name)).sum()  # type: ignore[arg-type]
        found[f"E_grad_{name}_loss"] = expected(estimator=name, gradient="naive")
    found["grad_KL_ref_pi"] = expected(gradient="naive")
    found["E_grad_ratio_times_k3_loss"] = expected(ratio=torch.ones(4))
    return found


def kl_in_reward(given: Given, params: Given) -> Given:
    mask = ones(given["logp"])
    batch = batch_of(
        mask, reward=paid_last([given["score"]], mask), proximal=given["logp"], reference=given["ref_logp"]
    )
    return {"token_rewards": padded(penalised(batch, params["beta"]), mask)}


def instructgpt_reward(given: Given, params: Given) -> Given:
    scores = [[score] for score in given["rm_score"]]
    columns = {"proximal": given["sum_logp_rl"], "reference": given["sum_logp_sft"]}
    batch = batch_of([[1], [1]], reward=scores, **{name: [[one] for one in column] for name, column in columns.items()})
    reward = outcomes(penalised(batch, params["beta"]), batch.trajectory)
    # The rest of the objective is supervised, and no part of credit: a weighted mean of log-probs of other text.
    pretraining = params["ptx_gamma"] * given["pretrain_logp_mean"]
    return {"kl_penalised_reward": reward, "objective": reward.mean() + pretraining}


def adaptive_kl_controller(given: Given, params: Given) -> Given:
    kl = Coefficient(coefficient=params["init"], target=params["target"], horizon=params["horizon"])
    weights = []
    for measured in given["kl_sequence"]:
        kl.steer(measured / params["target"] - 1.0, params["n_steps"])
        weights.append(kl.at(0.0))
    return {"beta_sequence": doubles(*weights)}


def grpo_loss(given: Given, params: Given) -> Given:
    mask, clip = given["mask"], params["clip"]
    batch = batch_of(mask, proximal=given["old_logp"], reference=given["ref_logp"])
    assert batch.proximal is not None and batch.reference is not None
    scores = Scores(flat(given["logp"], mask), torch.zeros(len(batch)))
    credit = Credit(doubles(*given["advantages"])[batch.trajectory])
    k3 = kl_estimate(scores.logprobs, batch.reference)
    surrogate = clipped(token_ratio(scores.logprobs, batch.proximal), credit.advantage, clip, clip)
    return {
        "k3": kl_estimate(flat(given["logp"]), flat(given["ref_logp"])),
        "loss_grpo": GRPO(clip=clip, kl=params["beta"]).loss(scores, batch, credit),
        "loss_no_kl_grpo": GRPO(clip=clip).loss(scores, batch, credit),
        "loss_drgrpo_const": DrGRPO(clip=clip, kl=params["beta"], length=params["L_max"]).loss(scores, batch, credit),
        "loss_dapo_token_mean": aggregate(surrogate + params["beta"] * k3, batch, "token"),
    }


def token_entropy(given: Given, params: Given) -> Given:
    found = {}
    for temperature in params["temperature"]:
        every = (torch.tensor(given["logits"], dtype=torch.float64) / temperature).log_softmax(-1)
        found[f"H_T{temperature:g}"] = entropy(Scores(every[:, 0], torch.zeros(1), None, every))[0]
    return found


CASES: dict[str, Case] = {
    "sft_loss": sft_loss,
    "reinforce_grad": reinforce_grad,
    "reinforce_baseline_unbiased": reinforce_baseline_unbiased,
    "kl_estimators": kl_estimators,
    "kl_gradients": kl_gradients,
    "kl_in_reward": kl_in_reward,
    "instructgpt_reward": instructgpt_reward,
    "adaptive_kl_controller": adaptive_kl_controller,
    "grpo_loss": grpo_loss,
    "token_entropy": token_entropy,
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_the_vector_comes_out(vector: Callable[[str], Given], name: str) -> None:
    agrees(CASES[name], vector(name))
