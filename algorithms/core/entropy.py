"""How undecided is the policy? The entropy of its choices, with gradient, for a bonus on it."""

from __future__ import annotations

from torch import Tensor

from syllogym.agents.policy import Scores


def entropy(scores: Scores) -> Tensor:
    """Return the entropy (nats) of the distribution each token was drawn from, with gradient, (A,)."""
    every = scores.distribution
    assert every is not None, "the policy gives the log-probs of every token"
    return -(every.exp() * every).sum(-1).to(scores.logprobs.device)
