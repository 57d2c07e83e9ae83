"""Do weights change as the method says, however the batch is cut up, and not at all when the numbers are not finite?"""

from __future__ import annotations

from typing import Any, get_args

import pytest
import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.clip_cov import ClipCov
from syllogym.algorithms.core.base import Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.corrections import Correction, Kind
from syllogym.algorithms.core.learner import Diverged, Learner, Optimiser
from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.ppo import PPO
from syllogym.algorithms.sft import SFT
from tests.agents.models import policy_of, tiny_policy
from tests.algorithms.steps import episodes, gradient, step


class Broken(SFT):
    """Gives a loss, or only a gradient, that is not a number."""

    loss_too = True

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        zero = (scores.logprobs - scores.logprobs.detach()).sum()
        return zero * float("nan") if self.loss_too else zero.abs().sqrt() * 0 + zero.clamp(min=0).sqrt()


@pytest.mark.parametrize("loss_too", [True, False])
def test_what_is_not_finite_changes_no_weight(loss_too: bool) -> None:
    policy = tiny_policy()
    before = [weight.clone() for weight in policy.parameters()]
    broken = Broken()
    broken.loss_too = loss_too
    learner = Learner(policy, broken, Optimiser(), steps=1)
    batch = Batch.of(episodes())
    with pytest.raises(Diverged, match=r"optimiser\.lr"):
        learner.update(batch, Credit(torch.ones(len(batch))))
    assert all(torch.equal(old, new) for old, new in zip(before, policy.parameters(), strict=True))
    assert policy.version == 0


def test_dropout_does_not_move_the_ratio() -> None:
    policy = policy_of("gpt2")
    policy.train()  # as gpt2's configuration asks, with a tenth of its activations dropped
    learner = Learner(policy, GRPO(epochs=2), Optimiser(), steps=2)
    batch = Batch.of(episodes())
    report = learner.update(batch, learner.prepare(batch, None))
    assert report["policy_kl"] == pytest.approx(0.0, abs=1e-6)


def test_temperature_is_the_one_the_tokens_were_sampled_at() -> None:
    policy = tiny_policy()
    batch = Batch.of(episodes())
    Learner(policy, GRPO(epochs=2), Optimiser(), steps=1, temperature=2.0).prepare(batch, None)
    scores = policy.score(batch.sequences, batch.sequence, batch.position, temperature=2.0)
    assert batch.proximal is not None
    torch.testing.assert_close(batch.proximal, scores.logprobs.detach())


def test_the_report_names_the_gap_between_engine_and_learner() -> None:
    policy = tiny_policy()
    batch = Batch.of(episodes())
    learner = Learner(policy, GRPO(), Optimiser(), steps=1)
    own = policy.score(batch.sequences, batch.sequence, batch.position).logprobs.detach()
    batch.engine = own + 0.5
    report = learner.update(batch, learner.prepare(batch, None))
    assert report["engine_gap"] == pytest.approx(0.5, abs=1e-5)
    assert report["engine_gap_max"] == pytest.approx(0.5, abs=1e-5)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [("constant", [0.5, 1, 1, 1, 1]), ("linear", [0.5, 1, 1, 0.5, 0]), ("cosine", [0.5, 1, 1, 0.5, 0])],
)
def test_rates_rise_in_the_warm_up_and_follow_the_schedule(schedule: Any, rates: list[float]) -> None:
    optimiser = Optimiser(schedule=schedule, warmup=2)
    assert [optimiser.rate(at, 4) for at in (0, 1, 2, 3, 4)] == pytest.approx(rates)


@pytest.mark.parametrize("rule", ["adamw", "sgd", "muon"])
def test_a_learner_goes_on_from_its_state(rule: Any) -> None:
    def learner() -> Learner:
        return Learner(tiny_policy(), SFT(), Optimiser(rule=rule, schedule="linear"), steps=4)

    batch = Batch.of(episodes())
    credit = Credit(torch.ones(len(batch)))
    straight, first, second = learner(), learner(), learner()
    for _ in range(3):
        straight.update(batch, credit)
    first.update(batch, credit)
    second.policy.load_state_dict(first.policy.state_dict())
    second.load_state_dict(first.state_dict())
    for _ in range(2):
        second.update(batch, credit)
    pairs = zip(straight.policy.parameters(), second.policy.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_corrections_do_not_depend_on_how_the_step_is_cut_up(kind: Kind) -> None:
    found = []
    for tokens in (1, 10_000):
        correction = Correction(kind=kind, high=1.1)
        policy, _ = step(GRPO(correction=correction), episodes(), micro_batch_tokens=tokens)
        found.append(gradient(policy))
    torch.testing.assert_close(*found, rtol=1e-4, atol=1e-6)


def test_clip_cov_makes_the_same_choice_when_a_run_is_taken_up_again() -> None:
    gradients = []
    for disturbance in (1, 2):
        torch.manual_seed(disturbance)
        policy, _ = step(ClipCov(share=0.2, cov_low=0.0), episodes())
        gradients.append(gradient(policy))
    assert torch.equal(*gradients)


def test_tokens_that_do_not_count_are_neither_in_the_loss_nor_in_its_denominators() -> None:
    played = episodes()[:4]
    batch = Batch.of(played)
    whole = Credit(torch.ones(len(batch)), keep=batch.trajectory < 2)
    both, halves = tiny_policy(), tiny_policy()
    report = Learner(both, GRPO(), Optimiser(), steps=1).update(batch, whole)
    part = Batch.of(played[:2])
    wanted = Learner(halves, GRPO(), Optimiser(), steps=1).update(part, Credit(torch.ones(len(part))))
    assert report["loss"] == pytest.approx(wanted["loss"], abs=1e-6)
    torch.testing.assert_close(gradient(both), gradient(halves), rtol=1e-4, atol=1e-6)


def test_a_step_in_which_nothing_counts_has_no_gradient() -> None:
    policy = tiny_policy()
    batch = Batch.of(episodes())
    nothing = Credit(torch.ones(len(batch)), keep=torch.zeros(len(batch), dtype=torch.bool))
    assert Learner(policy, GRPO(), Optimiser(), steps=1).update(batch, nothing)["grad_norm"] == 0.0


def test_a_correction_weights_the_policys_loss_and_not_the_critics() -> None:
    def gradients(correction: Correction) -> tuple[Tensor, Tensor]:
        policy = tiny_policy(critic="head")
        learner = Learner(policy, PPO(correction=correction, value_clip=None), Optimiser(clip_norm=1e9), steps=1)
        batch = Batch.of(episodes())
        batch.values = torch.zeros(len(batch))
        batch.engine = policy.score(batch.sequences, batch.sequence, batch.position).logprobs.detach() - 1.0
        learner.update(batch, Credit(torch.ones(len(batch)), torch.ones(len(batch))))
        assert policy.critic is not None and policy.critic.head.weight.grad is not None
        head = [weight.grad for name, weight in policy.named_parameters() if not name.startswith("critic")]
        return policy.critic.head.weight.grad, torch.cat([one.flatten() for one in head if one is not None])

    critic, rest = gradients(Correction())
    critic_corrected, rest_corrected = gradients(Correction(kind="token-truncate", high=2.0))
    torch.testing.assert_close(critic_corrected, critic)
    torch.testing.assert_close(rest_corrected, 2.0 * rest, rtol=1e-3, atol=1e-6)  # the new head passes nothing down
