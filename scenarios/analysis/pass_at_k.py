"""How often is at least one of k replies right? pass@k without bias, bands over instances, two policies compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syllogym.scenarios.analysis.mcnemar import at_least

Floats = NDArray[np.float64]

_RESAMPLES = 2000


def pass_at_k(tries: ArrayLike, correct: ArrayLike, ks: Sequence[int]) -> Floats:
    """Estimate pass@k of each instance without bias (arXiv 2107.03374): 1 - C(n - c, k) / C(n, k), as a product.

    The plug-in 1 - (1 - c/n)^k is too low.

    Args:
        tries: (P,) replies n to each instance.
        correct: (P,) how many of them, c, are right.
        ks: K numbers of replies, each at most the smallest n.

    Returns:
        (P, K).
    """
    n, c = np.asarray(tries), np.asarray(correct)
    if max(ks) > n.min() or min(ks) < 1:
        raise ValueError(f"k must be from 1 to the {n.min()} tries of every instance; not {list(ks)}.")
    # The factor of i = k is 0, so what cannot fail is exactly 1.
    return np.array(
        [
            [1.0 - np.prod(1.0 - k / np.arange(total - right + 1, total + 1)) for k in ks]
            for total, right in zip(n, c, strict=True)
        ]
    )


@dataclass(frozen=True)
class Curve:
    """Means over instances at each k, with the 95 % band that another draw of instances would give; K numbers each."""

    mean: list[float]
    low: list[float]
    high: list[float]


def curve(estimates: Floats, rng: np.random.Generator) -> Curve:
    """Average (P, K) estimates over the instances, with percentile bootstrap bands (instances drawn again)."""
    count = len(estimates)
    drawn = rng.multinomial(count, np.full(count, 1.0 / count), size=_RESAMPLES) / count
    low, high = np.quantile(drawn @ estimates, [0.025, 0.975], axis=0)
    return Curve(estimates.mean(0).tolist(), low.tolist(), high.tolist())


@dataclass(frozen=True)
class Comparison:
    """Base and trained policy on the same instances (arXiv 2504.13837).

    Attributes:
        ks: the numbers of replies compared.
        base, trained, gain: their curves, and that of trained minus base, paired by instance.
        crossing: first k at which the base is above; None when it never is.
        sampling_gap: base pass@k at the largest k, minus trained pass@1: what the base can but seldom does.
        solved_both, solved_base_only, solved_trained_only, solved_neither: instances solved in at least one try.
    """

    ks: list[int]
    base: Curve
    trained: Curve
    gain: Curve
    crossing: int | None
    sampling_gap: float
    solved_both: int
    solved_base_only: int
    solved_trained_only: int
    solved_neither: int

    @property
    def instances(self) -> int:
        """How many instances both tried."""
        return self.solved_both + self.solved_base_only + self.solved_trained_only + self.solved_neither

    @property
    def chance(self) -> float:
        """How likely at least so many newly solved instances are if neither policy is better (McNemar's exact test)."""
        return at_least(self.solved_trained_only, self.solved_base_only)


def compare(
    base: tuple[ArrayLike, ArrayLike], trained: tuple[ArrayLike, ArrayLike], ks: Sequence[int], seed: int = 0
) -> Comparison:
    """Compare two policies by their tries and right replies (P,) on the same instances; `seed` is the bootstrap's."""
    before, after = pass_at_k(*base, ks), pass_at_k(*trained, ks)
    ahead = before.mean(0) - after.mean(0)
    could, can = np.asarray(base[1]) > 0, np.asarray(trained[1]) > 0
    return Comparison(
        list(ks),
        base=curve(before, np.random.default_rng(seed)),
        trained=curve(after, np.random.default_rng(seed)),
        gain=curve(after - before, np.random.default_rng(seed)),
        crossing=next((k for k, by in zip(ks, ahead, strict=True) if by > 1e-12), None),
        sampling_gap=float(before[:, int(np.argmax(ks))].mean() - np.mean(np.divide(trained[1], trained[0]))),
        solved_both=int((could & can).sum()),
        solved_base_only=int((could & ~can).sum()),
        solved_trained_only=int((~could & can).sum()),
        solved_neither=int((~could & ~can).sum()),
    )
