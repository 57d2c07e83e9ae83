"""What is a reply's length worth? A punishment to be added to the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch
from syllogym.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Overlong:
    """DAPO's soft punishment of replies that come near the limit (arXiv 2503.14476, eq. 13).

    Attributes:
        max_length: tokens at which a reply loses a whole point, and never more; mostly sampling.max_tokens.
        cache: tokens before that over which the loss rises from nothing on a straight line; the paper's is a fifth.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    max_length: int
    cache: int

    def __post_init__(self) -> None:
        if not 1 <= self.cache <= self.max_length:
            raise UserError(f"overlong: cache must be from 1 to max_length ({self.max_length}); it is {self.cache}.")

    def punishment(self, length: Tensor) -> Tensor:
        """Return what replies of these lengths lose, from -1 to 0, in the shape of `length`."""
        return ((self.max_length - self.cache - length) / self.cache).clamp(-1.0, 0.0) + 0.0  # never minus zero


def reply_lengths(batch: Batch) -> Tensor:
    """Return the tokens of each trajectory's longest reply, (M,)."""
    reply = batch.last.long().cumsum(0) - batch.last.long()
    size = torch.bincount(reply)
    longest = torch.zeros(batch.trajectories, dtype=torch.long)
    return longest.scatter_reduce(0, batch.trajectory, size[reply], "amax")
