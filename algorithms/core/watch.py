"""What does a researcher watch while a method learns? Entropy, clipping, divergences, and how far the engine is off."""

from __future__ import annotations

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import is_clipped, token_ratio


class Watch:
    """Means over the tokens of one optimiser step, added up over its micro-batches.

    Args:
        clip_range: how far below and above 1 the method lets a ratio go; None when it clips none.
        ceiling: to which the off-policy correction lowers weights; None when it lowers none.
    """

    def __init__(self, clip_range: tuple[float, float] | None, ceiling: float | None = None) -> None:
        self.clip_range = clip_range
        self.ceiling = ceiling
        self.sums: dict[str, float] = {}
        self.tokens = 0
        self.weights: list[Tensor] = []
        self.drawn: list[Tensor] = []
        self.gap_max = 0.0

    def see(self, scores: Scores, part: Batch, advantage: Tensor, ratio: Tensor, weight: Tensor) -> None:
        """Look at a micro-batch that was scored, before the weights change.

        Args:
            scores, part, advantage: what the loss is made of.
            ratio: what the method clips, (A,).
            weight: of each token's policy loss, (A,), from the off-policy correction.
        """
        assert part.proximal is not None
        now = scores.logprobs.detach()
        self.tokens += len(part)
        self._add("entropy", scores.entropy)
        self._add("policy_kl", kl_estimate(part.proximal, now, "k3"))
        self.drawn.append(torch.stack([now, advantage.to(now)]))
        if self.clip_range is not None:
            low, high = self.clip_range
            silent = is_clipped(ratio, advantage, low, high)
            self._add("clip_low", silent & (advantage < 0))
            self._add("clip_high", silent & (advantage > 0))
        if part.reference is not None:
            self._add("kl", kl_estimate(now, part.reference, "k3"))
        known = ~part.engine.isnan()
        if known.any():
            gap = (part.proximal - part.engine)[known].abs()
            self._add("engine_gap", gap)
            self._add("engine_kl", kl_estimate(part.engine[known], part.proximal[known], "k3"))
            self._add("engine_masked", (weight == 0)[known])
            if self.ceiling is not None:
                self._add("engine_truncated", (weight >= self.ceiling)[known])
            self.gap_max = max(self.gap_max, float(gap.max()))
            self.weights.append(token_ratio(part.proximal, part.engine)[known])

    def report(self) -> dict[str, float]:
        """Return the means by name; those of the engine only where it told log-probs."""
        known = sum(map(len, self.weights))
        means = {
            name: total / (known if name.startswith("engine") else self.tokens) for name, total in self.sums.items()
        }
        if self.clip_range is not None:
            means["clip_fraction"] = means["clip_low"] + means["clip_high"]
        if self.drawn:
            means["entropy_covariance"] = covariance(*torch.cat(self.drawn, dim=1))
        if known:
            means["engine_gap_max"] = self.gap_max
            means["engine_weight_max"] = max(float(weights.max()) for weights in self.weights)
            means["effective_sample_size"] = effective_sample_size(torch.cat(self.weights))
        return means

    def _add(self, name: str, column: Tensor) -> None:
        self.sums[name] = self.sums.get(name, 0.0) + float(column.sum())


def covariance(logprobs: Tensor, advantage: Tensor, weights: Tensor | None = None) -> float:
    """Return Cov(log pi, A) over tokens (A,) that pi drew (arXiv 2505.22617); `weights` when they count unequally.

    A step of the natural policy gradient at rate eta lowers entropy by eta times this: likely tokens that are rewarded
    cost entropy, unlikely ones bring it back.
    """
    return float(torch.cov(torch.stack([logprobs, advantage]), correction=0, aweights=weights)[0, 1])


def effective_sample_size(weights: Tensor) -> float:
    """Return which share of the samples counts under importance weights w (A,): (sum w)^2 / (A sum w^2).

    1 when the weights are all equal, 1 / A when one outweighs all others (Kong 1992).
    """
    return float(weights.mean().square() / weights.square().mean())
