"""Do methods that imitate, distil, or choose what to play give the numbers that were computed independently?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.groups import group_advantage
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import aggregate, reinforce
from syllogym.algorithms.core.rejection import best_of_group, distinct_correct
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.kdrl import KDRL
from syllogym.algorithms.srpo import SRPO
from syllogym.algorithms.super_rl import SuperRL
from syllogym.algorithms.super_rl_hybrid import SuperRLHybrid
from tests.algorithms.conformance import Case, Given, agrees, padded
from tests.algorithms.flat import batch_of, doubles, flat

Vector = Callable[[str], Given]


def superrl_gate(given: Given, params: Given) -> Given:
    replies = len(given["rewards"][0])
    paid = [reward for group in given["rewards"] for reward in (*group, 1.0)]
    shown = torch.tensor(([False] * replies + [True]) * 2)
    batch = batch_of([[1]] * len(paid), reward=[[reward] for reward in paid], group=[0] * 4 + [1] * 4)
    batch.demonstrated = shown
    credit = SuperRL().advantages(batch)
    assert credit.keep is not None
    standing = torch.ones_like(batch.outcome)
    standing[~shown] = group_advantage(batch.outcome[~shown], batch.group[~shown])
    weight = (credit.advantage / standing).where(credit.keep, 0.0)
    token = torch.where(shown, doubles(*given["sft_loss"])[batch.group], doubles(*given["pg_loss"])[batch.group])
    each = torch.zeros(2, dtype=torch.float64).index_add(0, batch.group, weight * token) / credit.keep.sum()
    return {"gate": credit.keep.view(2, -1)[:, 0].double(), "loss": 2 * each, "batch_loss": each.sum()}


def kdrl(given: Given, params: Given) -> Given:
    mask, anneal, run = given["mask"], params["anneal"], 200
    batch = batch_of(mask, proximal=given["student_logp"], teacher=given["teacher_logp"])
    batch.correct = doubles(*given["correct"])
    assert batch.teacher is not None
    logprobs = flat(given["student_logp"], mask).requires_grad_()
    k2 = kl_estimate(logprobs, batch.teacher, "k2")

    def loss(method: KDRL, advantages: Any = (0.0, 0.0), progress: float = 0.0) -> torch.Tensor:
        method.progress = progress
        return method.loss(Scores(logprobs, k2), batch, Credit(doubles(*advantages)[batch.trajectory]))

    fixed = KDRL(distil=params["beta"])
    fading = KDRL(distil=anneal["beta0"], distil_min=anneal["beta_min"], anneal=run * anneal["delta"])
    gradient = torch.autograd.grad(loss(fixed, given["advantages"]), logprobs)[0]
    weights = [loss(fading, progress=step / run).detach() / k2.detach().mean() for step in (0, 40, 80, 200)]
    return {
        "k2": padded(k2, mask),
        "kd_loss_token_mean": loss(fixed).detach(),
        "grad_coef": padded(-len(batch) * gradient, mask),
        "kd_loss_response_masked": loss(KDRL(distil=params["beta"], distil_on="wrong")).detach(),
        "beta_at_steps_0_40_80_200": torch.stack(weights),
    }


def fisft_equivalence(given: Given, params: Given) -> Given:
    mask = given["mask"]
    logits = torch.tensor(given["logits"], dtype=torch.float64, requires_grad=True)
    said = torch.tensor(given["tokens"])[..., None]
    logprobs = logits.log_softmax(-1).gather(-1, said)[..., 0][torch.tensor(mask) == 1]
    batch = batch_of(mask)
    batch.proximal = logprobs.detach()
    advantage = doubles(*given["advantages"])[batch.trajectory]
    reward = GRPO().loss(Scores(logprobs, logprobs), batch, Credit(advantage))
    imitation = aggregate(reinforce(logprobs, advantage), batch, "sequence-mean")
    one, other = (torch.autograd.grad(loss, logits, retain_graph=True)[0] for loss in (reward, imitation))
    return {"grad": one, "max_abs_diff": (one - other).abs().max()}


def superrl_log_sigma(given: Given, params: Given) -> Given:
    method = SuperRLHybrid()
    assert [one.item() for one in method.log_sigmas] == [given["log_sigma_pg"], given["log_sigma_sft"]]
    batch = batch_of([[1], [1]], proximal=[[0.0], [0.0]])
    batch.demonstrated = torch.tensor([False, True])
    credit = Credit(doubles(-2 * given["L_pg"], 2))  # each loss is the mean over one of two sequences
    loss = method.loss(Scores(doubles(0.0, -given["L_sft"]), torch.zeros(2)), batch, credit)
    reinforced, imitated = torch.autograd.grad(loss, method.parameters())
    return {"loss": loss.detach(), "grad_log_sigma_pg": reinforced, "grad_log_sigma_sft": imitated}


CASES: list[Case] = [superrl_gate, superrl_log_sigma, kdrl, fisft_equivalence]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_number_of_the_vector_is_found(case: Case, vector: Vector) -> None:
    agrees(case, vector(case.__name__))


@pytest.fixture
def replies(vector: Vector) -> Batch:
    """The replies of the vector on selection, two groups of three."""
    given = vector("raft_rft_star_select")["inputs"]
    batch = batch_of(
        [[1]] * 6, reward=[[paid] for group in given["rewards"] for paid in group], group=[0] * 3 + [1] * 3
    )
    batch.correct = doubles(*(right for group in given["correct"] for right in group))
    batch.sequences = [torch.tensor([0, ord(text)]) for group in given["texts"] for text in group]
    return batch


def test_raft_takes_the_best_reply_of_the_vectors_groups(replies: Batch, vector: Vector) -> None:
    expected = vector("raft_rft_star_select")["expected"]
    assert (best_of_group(replies).nonzero()[:, 0] % 3).tolist() == expected["raft_index"]


def test_rft_takes_the_distinct_right_replies_of_the_vectors_groups(replies: Batch, vector: Vector) -> None:
    expected = vector("raft_rft_star_select")["expected"]
    chosen = distinct_correct(replies)
    kept = [[chr(replies.tokens[at]) for at in range(6) if chosen[at] and replies.group[at] == task] for task in (0, 1)]
    assert kept == expected["rft_kept"]
    assert [not texts for texts in kept] == expected["star_needs_hint"]


def test_srpo_keeps_the_vectors_prompts(vector: Vector) -> None:
    case = vector("srpo_history_resampling")
    assert SRPO().keep(case["inputs"]["history"]) == case["expected"]["keep"]
