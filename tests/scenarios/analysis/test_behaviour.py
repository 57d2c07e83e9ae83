"""Do the findings of two papers show up in simulations small enough to compute, measured by our own pieces?"""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.algorithms.core.groups import group_advantage
from syllogym.scenarios.analysis.entropy_fit import fit_entropy
from syllogym.scenarios.analysis.pass_at_k import compare

GROUP = 8


def rise(logits: Tensor, action: Tensor, reward: Tensor, rate: float) -> Tensor:
    """Return logits (P, S) after a step of GRPO on GROUP actions (P, GROUP) of every problem and their rewards."""
    problems = torch.arange(len(action)).repeat_interleave(GROUP)
    advantage = group_advantage(reward.flatten(), problems).view_as(reward)
    probs = logits.softmax(-1)
    taken = torch.nn.functional.one_hot(action, logits.shape[-1]).to(probs)
    return logits + rate * (advantage[..., None] * (taken - probs[:, None])).mean(1)


def test_learning_of_shared_strategies_raises_pass_at_1_and_lowers_pass_at_256() -> None:
    """Yue et al., arXiv 2504.13837: a policy that picks among strategies forgets those that are seldom right."""
    chance = torch.Generator().manual_seed(0)
    rates = torch.linspace(0.05, 0.4, 8)
    solves = (torch.rand((200, 8), generator=chance) < rates).double()
    logits = torch.zeros(1, 8, dtype=torch.float64)

    def draw(tries: int) -> Tensor:
        return torch.multinomial(logits.softmax(-1).expand(200, 8), tries, replacement=True, generator=chance)

    before = solves.gather(1, draw(256)).sum(1).int().numpy()
    for _ in range(120):
        action = draw(GROUP)
        logits = rise(logits, action, solves.gather(1, action), 2.0).mean(0, keepdim=True)
    after = solves.gather(1, draw(256)).sum(1).int().numpy()
    found = compare(([256] * 200, before), ([256] * 200, after), [1, 4, 16, 64, 256])
    assert found.gain.low[0] > 0
    assert found.gain.high[-1] < 0
    assert found.crossing == 4


def test_accuracy_follows_entropy_by_the_law() -> None:
    """Cui et al., arXiv 2505.22617. Of the ceiling the toy says nothing: it is off by some points at this scale."""
    chance = torch.Generator().manual_seed(0)
    logits = torch.zeros(64, 20, dtype=torch.float64)
    entropy, accuracy = [], []
    for _ in range(150):
        probs = logits.softmax(-1)
        entropy.append(float(-(probs * probs.log()).sum(-1).mean()))
        accuracy.append(float(probs[:, 0].mean()))
        action = torch.multinomial(probs, GROUP, replacement=True, generator=chance)
        logits = rise(logits, action, (action == 0).double(), 0.5)
    fit = fit_entropy(entropy, accuracy)
    assert accuracy[-1] > 0.9
    assert fit.a > 0
    assert fit.r2 > 0.9
