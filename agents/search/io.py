"""What is a model worth without any search? It is asked for the answer, and that alone."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Answers, Manner


@strategy()
@dataclass(kw_only=True)
class Io(Answers):
    """Asks once (or `n` times, of which the first is the answer) for the answer alone."""

    manner: Manner = "io"
