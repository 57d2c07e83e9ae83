"""How are some of several things drawn, the weightier the likelier?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import log


def without_replacement(nodes: Sequence[int], weights: Sequence[float], count: int, dice: random.Random) -> list[int]:
    """Draw up to `count` nodes one after the other in proportion to weights; those of weight 0 only when they must be.

    Each gets the time of its first arrival in a Poisson process of its rate (Efraimidis and Spirakis 2006).
    """
    times = [-log(1.0 - dice.random()) for _ in nodes]
    due = [(weight <= 0, time / weight if weight > 0 else time) for time, weight in zip(times, weights, strict=True)]
    return [nodes[at] for at in sorted(range(len(nodes)), key=due.__getitem__)[:count]]


def dirichlet(alpha: float, count: int, dice: random.Random) -> list[float]:
    """Draw `count` shares that sum to 1, all with the parameter `alpha`."""
    drawn = [dice.gammavariate(alpha, 1.0) for _ in range(count)]
    whole = sum(drawn)
    return [one / whole if whole else 1.0 / count for one in drawn]
