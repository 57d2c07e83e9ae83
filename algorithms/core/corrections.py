"""What if one engine sampled the tokens and another learns from them? Importance weights, truncated or masked.

An engine's kernels, its numbers of lower precision, or older weights make its log-probs differ from those that the
learner has when it begins (the proximal ones). w = pi_proximal / pi_engine weighs the policy's loss; it never enters a
clipped ratio. With older weights this is the decoupled objective (arXiv 2110.00641, 2505.24298).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.errors import UserError

Kind = Literal[
    "none",
    "token-truncate",
    "token-mask",
    "sequence-truncate",
    "sequence-mask",
    "geometric-truncate",
    "geometric-mask",
    "negative-mask",
]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """How the policy's loss is weighted.

    Attributes:
        kind: whose weight, and what is done beyond the bounds. ``token`` weights are each token's own w, ``sequence``
            ones the product over its sequence, ``geometric`` ones the geometric mean over it. ``truncate`` lowers to
            `high` what is above it (truncated importance sampling); ``mask`` puts to 0 what is outside [`low`, `high`]
            (masked importance sampling; with a `low` above 0, IcePop). ``negative-mask`` leaves out the tokens of
            negative advantage in sequences that the current policy finds less likely than the engine did by more than
            `high` nats a token (DeepSeek-V3.2), and weights no other.
        high, low: the bounds.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    kind: Kind = "none"
    high: float = 2.0
    low: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.low < self.high:
            raise UserError(f"correction: low and high must be 0 <= low < high; they are {self.low} and {self.high}.")

    @property
    def ceiling(self) -> float | None:
        """To what weights are lowered that are above it; None where none are."""
        return self.high if self.kind.endswith("truncate") else None

    def weights(self, logprobs: Tensor, batch: Batch, advantage: Tensor) -> Tensor:
        """Return the weight of each token's policy loss, (A,), detached.

        Args:
            logprobs: current ones, detached.
            batch: whole sequences, with proximal log-probs. A token whose engine told nothing (NaN) counts as agreed.
            advantage: of each token.
        """
        if self.kind == "none":
            return torch.ones_like(advantage)
        if self.kind == "negative-mask":
            excess = -_at_level(engine_gap(logprobs, batch.engine), batch, "geometric")
            return ((advantage >= 0) | (excess <= self.high)).to(advantage.dtype)
        assert batch.proximal is not None
        level, how = self.kind.split("-")
        weight = _at_level(engine_gap(batch.proximal, batch.engine), batch, level).clamp(-20.0, 20.0).exp()
        if how == "truncate":
            return weight.clamp(max=self.high)
        return torch.where((weight >= self.low) & (weight <= self.high), weight, 0.0)


def engine_gap(logprobs: Tensor, engine: Tensor) -> Tensor:
    """Return log pi - log pi_engine of each token; 0 where the engine told none."""
    return torch.where(engine.isnan(), 0.0, logprobs - engine)


def _at_level(gap: Tensor, batch: Batch, level: str) -> Tensor:
    """Return the gap of each token, or the sum of its sequence's gaps, or their mean over the tokens that have one."""
    if level == "token":
        return gap
    total = torch.bincount(batch.sequence, gap)
    if level == "geometric":
        total = total / torch.bincount(batch.sequence, (~batch.engine.isnan()).to(gap.dtype)).clamp(min=1.0)
    return total[batch.sequence]
