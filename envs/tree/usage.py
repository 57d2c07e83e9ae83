"""What did a call, a node or a whole search use?"""

from __future__ import annotations

from dataclasses import dataclass


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
        # Written out, since every request of a search comes by here.
        return Usage(
            self.prompt + other.prompt,
            self.cached + other.cached,
            self.completion + other.completion,
            self.calls + other.calls,
            self.nodes + other.nodes,
            self.money + other.money,
            self.seconds + other.seconds,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt - other.prompt,
            self.cached - other.cached,
            self.completion - other.completion,
            self.calls - other.calls,
            self.nodes - other.nodes,
            self.money - other.money,
            self.seconds - other.seconds,
        )


NOTHING = Usage()
