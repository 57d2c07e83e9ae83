"""At which tokens does a policy choose its way, and which does it write without a choice? (arXiv 2506.01939)"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.algorithms.core.batch import Batch
from syllogym.scenarios.analysis.pass_at_k import Floats

SHARE = 0.2
"""The share of tokens with the highest entropy, which the 80/20 rule trains on."""

_BEFORE = 12
_EXAMPLES = 3


@dataclass(frozen=True)
class TokenEntropy:
    """A token of the vocabulary where it was sampled.

    Attributes:
        entropy: mean entropy, nats, of the distributions it was drawn from. count: how often it was.
        contexts: some examples of what stood before it.
    """

    token: str
    entropy: float
    count: int
    contexts: list[str]


@dataclass(frozen=True)
class ForkingTokens:
    """The tokens of highest and of lowest mean entropy.

    Attributes:
        tokens: how many sampled tokens were looked at. minimum: tokens drawn more seldom are left out.
        threshold: entropy above which the top fifth of sampled tokens lies.
        top_share: share of all entropy that this fifth holds.
        mean: entropy of all sampled tokens.
    """

    tokens: int
    minimum: int
    mean: float
    threshold: float
    top_share: float
    highest: list[TokenEntropy]
    lowest: list[TokenEntropy]


def forking_tokens(
    batch: Batch, entropy: Floats, decode: Callable[[Sequence[int]], str], rows: int = 15, minimum: int = 5
) -> ForkingTokens:
    """Rank the vocabulary by mean entropy.

    Args:
        batch: the sampled tokens, A of them.
        entropy: (A,) of the distribution each was drawn from.
        decode: ids to text, special tokens shown.
        rows: length of both lists. minimum: tokens drawn more seldom are left out, since their mean says little.
    """
    where = list(zip(batch.sequence.tolist(), batch.position.tolist(), strict=True))
    ids = np.array([int(batch.sequences[row][at]) for row, at in where])
    count = np.bincount(ids)
    mean = np.bincount(ids, entropy) / np.maximum(count, 1)
    frequent = np.flatnonzero(count >= minimum)
    order = frequent[np.argsort(-mean[frequent], kind="stable")].tolist()

    def row(token: int) -> TokenEntropy:
        spots = [where[at] for at in np.flatnonzero(ids == token)]
        chosen = spots[:: max(1, len(spots) // _EXAMPLES)][:_EXAMPLES]
        before = [decode(batch.sequences[row][max(0, at - _BEFORE) : at].tolist()) for row, at in chosen]
        return TokenEntropy(decode([token]), float(mean[token]), int(count[token]), list(dict.fromkeys(before)))

    half = min(rows, (len(order) + 1) // 2)  # no token is in both lists
    ranked = np.sort(entropy)[::-1]
    top = ranked[: max(1, round(SHARE * len(ranked)))]
    return ForkingTokens(
        tokens=len(ids),
        minimum=minimum,
        mean=float(entropy.mean()),
        threshold=float(top[-1]),
        top_share=float(top.sum() / max(entropy.sum(), 1e-12)),
        highest=[row(token) for token in order[:half]],
        lowest=[row(token) for token in order[half:][::-1][:rows]],
    )
