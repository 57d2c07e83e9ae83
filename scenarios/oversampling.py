"""Which groups of a rollout are learnt from when more are played than needed? The first informative ones, in order.

Groups finish in any order. One is not needed once enough informative groups that stand before it are finished, so which
are kept does not depend on who was fast.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syllogym.agents.episode import Episode


class FirstInformative:
    """Says which groups can no longer matter (see `syllogym.agents.rollout.Enough`).

    Args:
        order: numbers of the groups, the first to be kept first.
        wanted: how many informative groups are needed.
        informative: whether something is to be learnt from the episodes of one group.

    Attributes:
        spare: the groups that are not needed: the rest of the order.
    """

    def __init__(self, order: Sequence[int], wanted: int, informative: Callable[[Sequence[Episode]], bool]) -> None:
        self.order = list(order)
        self.wanted = wanted
        self.informative = informative
        self.found: set[int] = set()
        self.spare: list[int] = []

    def __call__(self, group: int, episodes: Sequence[Episode], left: int) -> Sequence[int]:
        """Take note of a group's episodes so far; return the groups that are not needed."""
        if not left and episodes and self.informative(episodes):
            self.found.add(group)
            places = [place for place, number in enumerate(self.order) if number in self.found]
            if len(places) >= self.wanted:
                self.spare = self.order[places[self.wanted - 1] + 1 :]
        return self.spare
