"""What did a call, a node or a whole search use?"""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Amounts that add up.

    Attributes:
        prompt: prompt tokens that were computed. cached: prompt tokens that were not, as they were known already.
        completion: tokens sampled. calls: requests to a model. nodes: thoughts added to a tree.
        money: dollars. seconds: of wall clock.
    """

    prompt: int = 0
    cached: int = 0
    completion: int = 0
    calls: int = 0
    nodes: int = 0
    money: float = 0.0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in, cached and out."""
        return self.prompt + self.cached + self.completion

    def __add__(self, other: Usage) -> Usage:
        return Usage(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: Usage) -> Usage:
        return Usage(*(a - b for a, b in zip(astuple(self), astuple(other), strict=True)))
