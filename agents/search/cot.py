"""Chain of thought (arXiv 2201.11903): the model reasons before it answers, in one reply."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers


@strategy()
@dataclass(kw_only=True)
class Cot(Answers):
    """Asks once (or `n` times, of which the first is the answer) for reasoning and answer."""
