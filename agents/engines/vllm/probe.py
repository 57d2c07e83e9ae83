"""Does vLLM compute with the policy's weights? Both score fixed sequences after every sync, and must agree."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from syllogym.agents.policy import Policy
from syllogym.errors import UserError

_SEQUENCES, _LENGTH = 2, 12
_EXACT = 1e-4
"""Largest difference (nats) in single precision; rounding makes some 1e-6 of it, one stale matrix above 1."""
_ROUGH = 0.02
"""Mean difference where one side computes in half precision, as a share of the mean log-prob: rounding makes 0.001."""


class Probe:
    """Fixed sequences, and what the policy makes of them.

    Args:
        policy: whose weights should be there. exact: both compute in single precision. context: tokens vLLM holds.
    """

    def __init__(self, policy: Policy, *, exact: bool, context: int) -> None:
        self.policy = policy
        self.exact = exact
        length = min(_LENGTH, context - 1)
        dice = torch.Generator().manual_seed(0)
        self._ids = torch.randint(0, len(policy.tokenizer), (_SEQUENCES, length), generator=dice)
        self.sequences: list[list[int]] = self._ids.tolist()
        self.gap = 0.0

    def expect(self) -> None:
        """Score the sequences with the policy's weights as they are now."""
        count, length = self._ids.shape
        row = torch.arange(count).repeat_interleave(length - 1)
        position = torch.arange(1, length).repeat(count)
        was_training = self.policy.training
        self.policy.eval()
        with torch.no_grad():
            self._expected = self.policy.score(list(self._ids), row, position).logprobs.double().cpu()
        self.policy.train(was_training)

    def check(self, scores: Sequence[Sequence[float]]) -> None:
        """Raise `UserError` when vLLM's scores of the sequences are not those of the weights it was sent."""
        found = torch.tensor([score for each in scores for score in each], dtype=torch.float64)
        gap = (found - self._expected).abs()
        worst, bound = gap.max(), torch.tensor(_EXACT, dtype=torch.float64)
        if not self.exact:
            worst, bound = gap.mean(), _ROUGH * self._expected.abs().mean()
        self.gap = float(worst)
        if not worst <= bound:  # not a number is no agreement
            raise UserError(
                f"After it took up the policy's weights, vLLM gives log-probs that differ from the policy's by "
                f"{worst:.2g} where at most {bound:.2g} is rounding: it does not sample with these weights. Does it "
                f"support the architecture {type(self.policy.model).__name__} in full?"
            )
