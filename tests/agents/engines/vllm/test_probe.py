"""Does the probe tell other weights from rounding?"""

from __future__ import annotations

import pytest
import torch

from syllogym.agents.engines.vllm.probe import Probe
from syllogym.agents.policy import Policy
from syllogym.errors import UserError
from tests.agents.models import tiny_policy


def scores(policy: Policy, probe: Probe) -> list[list[float]]:
    """Score the probe's sequences with a model of any precision."""
    ids = torch.tensor(probe.sequences)
    with torch.no_grad():
        logprobs = policy.model(input_ids=ids).logits.float().log_softmax(-1)[:, :-1]
    found: list[list[float]] = logprobs.gather(-1, ids[:, 1:, None])[..., 0].tolist()
    return found


def probed(policy: Policy, *, exact: bool = True) -> Probe:
    probe = Probe(policy, exact=exact, context=64)
    probe.expect()
    return probe


def test_the_same_weights_agree() -> None:
    policy = tiny_policy()
    probe = probed(policy)
    probe.check(scores(policy, probe))
    assert probe.gap < 1e-5


def test_the_same_weights_in_half_precision_agree_roughly() -> None:
    policy = tiny_policy()
    probe = probed(policy, exact=False)
    half = policy.frozen()
    half.model.to(torch.bfloat16)
    probe.check(scores(half, probe))


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", ["lm_head.weight", "model.layers.0.mlp.down_proj.weight", "model.norm.weight"])
def test_one_weight_of_before_is_noticed(exact: bool, name: str) -> None:
    policy = tiny_policy()
    stale = policy.frozen()
    with torch.no_grad():
        for weight in policy.model.parameters():
            weight.mul_(1.5)
    probe = probed(policy, exact=exact)
    with torch.no_grad():
        for other, weight in policy.model.state_dict().items():
            if other != name:
                stale.model.state_dict()[other].copy_(weight)
        if name == "lm_head.weight":
            stale.model.lm_head.weight = torch.nn.Parameter(policy.model.lm_head.weight / 1.5)
    with pytest.raises(UserError, match="does not sample with these weights"):
        probe.check(scores(stale, probe))


def test_the_probe_leaves_the_policy_learning() -> None:
    policy = tiny_policy()
    policy.train()
    probed(policy)
    assert policy.training
