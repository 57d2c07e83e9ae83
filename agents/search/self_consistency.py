"""Self-consistency (arXiv 2203.11171): of several chains of thought, the answer that most of them give."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers


@strategy()
@dataclass(kw_only=True)
class SelfConsistency(Answers):
    """Asks `n` times; the most frequent answer is the best, of equally frequent ones the first."""

    n: int = 8

    def best(self, k: int = 1) -> list[int]:
        """Return the answers by their frequency, each once before any twice."""
        return self.most_frequent(range(1, len(self.tree)))[:k] or [0]
