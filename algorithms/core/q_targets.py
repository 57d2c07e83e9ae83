"""What should a value become? Targets and penalties of Q-learning with networks, as pure functions.

Rows are transitions, (B,); columns are the replies on offer, (B, K), padded with minus infinity. A row without any
reply is a state that does not come: the episode is over.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


def padded(values: Tensor, counts: Sequence[int]) -> Tensor:
    """Return values that stand one after the other, so many for each row, as (B, K), padded with minus infinity."""
    if not any(counts):
        return values.new_full((len(counts), 1), -torch.inf)
    return pad_sequence(list(values.split(list(counts))), batch_first=True, padding_value=-torch.inf)


def best_worth(target: Tensor, online: Tensor | None = None) -> Tensor:
    """Return what the next state is worth (B,): the value of its best reply, 0 where the episode is over.

    Args:
        target: (B, K) values of the next state's replies by the target network.
        online: (B, K) the same by the network that learns; it then chooses the best reply, and `target` only judges it
            (double Q-learning, arXiv 1509.06461).
    """
    chosen = (target if online is None else online).argmax(-1, keepdim=True)
    worth = target.gather(-1, chosen)[:, 0]
    return torch.where(worth.isneginf(), 0.0, worth)


def conservatism(values: Tensor, taken: Tensor) -> Tensor:
    """Return how far the replies that were not tried stand out (B,): logsumexp Q(s, .) - Q(s, a) (arXiv 2006.04779).

    Args:
        values: (B, K) of all replies on offer, with gradient.
        taken: (B,) the column of the one that was said.
    """
    return values.logsumexp(-1) - values.gather(-1, taken[:, None])[:, 0]
