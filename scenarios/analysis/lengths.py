"""Do longer replies earn more? Reply lengths of right and wrong episodes, and reward by length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syllogym.scenarios.analysis.pass_at_k import Floats

_SHARE = 0.1
"""Share of the episodes in a bin of several lengths, at most."""


@dataclass(frozen=True)
class LengthBin:
    """Episodes whose agent sampled `low` to `high` tokens.

    Attributes:
        mean: of their lengths. count: how many episodes. reward: their mean, `error` its standard error.
    """

    low: int
    high: int
    mean: float
    count: int
    reward: float
    error: float


@dataclass(frozen=True)
class Lengths:
    """Sampled tokens of an episode against its reward.

    Attributes:
        mean: over all episodes. correct, wrong: over the solved ones and the others; None when there are none.
        correlation: of length and reward (Pearson); None when one of them never varies.
        bins: by rising length. Episodes of one length are in one bin, so one that most have stands alone.
    """

    mean: float
    correct: float | None
    wrong: float | None
    correlation: float | None
    bins: list[LengthBin]


def length_against_reward(lengths: ArrayLike, rewards: ArrayLike, correct: ArrayLike) -> Lengths:
    """Relate lengths, rewards and success of E episodes, (E,) each."""
    tokens, paid, right = np.asarray(lengths, float), np.asarray(rewards, float), np.asarray(correct, bool)
    varies = np.ptp(tokens) > 0 and np.ptp(paid) > 0
    return Lengths(
        float(tokens.mean()),
        float(tokens[right].mean()) if right.any() else None,
        float(tokens[~right].mean()) if not right.all() else None,
        float(np.corrcoef(tokens, paid)[0, 1]) if varies else None,
        [_bin(tokens[inside], paid[inside]) for inside in _alike(tokens)],
    )


def _alike(tokens: Floats) -> Iterator[NDArray[np.bool_]]:
    """Yield masks (E,) of episodes of about the same length: as many neighbouring lengths as have a tenth of them."""
    kept: list[float] = []
    held = 0
    for length, count in zip(*np.unique(tokens, return_counts=True), strict=True):
        if kept and held + count > _SHARE * len(tokens):
            yield np.isin(tokens, kept)
            kept, held = [], 0
        kept.append(length)
        held += count
    yield np.isin(tokens, kept)


def _bin(tokens: Floats, paid: Floats) -> LengthBin:
    return LengthBin(
        int(tokens.min()),
        int(tokens.max()),
        float(tokens.mean()),
        len(paid),
        float(paid.mean()),
        float(paid.std() / np.sqrt(len(paid))),
    )
