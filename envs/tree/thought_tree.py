"""Where do the thoughts of a search live? In columns, one entry a node; node 0 is the root."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from enum import IntEnum
from math import nan

from syllogym.envs.tree.usage import Usage


class Status(IntEnum):
    """What a search knows of a node."""

    OPEN = 0
    EXPANDED = 1
    PRUNED = 2
    TERMINAL = 3
    DEAD = 4


class ThoughtTree:
    """A tree of thoughts.

    Attributes (a list each, by node):
        text, state: the thought, and where it leads. parent: -1 for the root. children: nodes. depth: 0 for the root.
        status: see `Status`. author: who thought it. value: in [0, 1], nan while nobody has judged it.
        visits, total: how often a search came by, and the sum of what it found there. prior: weight of the proposal.
        usage: what the thought used, None for nothing.
    """

    def __init__(self, text: str, state: Hashable = None) -> None:
        self.text: list[str] = []
        self.state: list[Hashable] = []
        self.parent: list[int] = []
        self.children: list[list[int]] = []
        self.depth: list[int] = []
        self.status: list[Status] = []
        self.author: list[str | None] = []
        self.value: list[float] = []
        self.visits: list[int] = []
        self.total: list[float] = []
        self.prior: list[float] = []
        self.usage: list[Usage | None] = []
        self.add(-1, text, state=state)

    def __len__(self) -> int:
        return len(self.text)

    def add(
        self,
        parent: int,
        text: str,
        *,
        state: Hashable = None,
        value: float = nan,
        prior: float = 1.0,
        author: str | None = None,
        usage: Usage | None = None,
        status: Status = Status.OPEN,
    ) -> int:
        """Add a thought under `parent`; return its node."""
        node = len(self.text)
        self.text.append(text)
        self.state.append(state)
        self.parent.append(parent)
        self.children.append([])
        self.depth.append(self.depth[parent] + 1 if node else 0)
        self.status.append(status)
        self.author.append(author)
        self.value.append(value)
        self.visits.append(0)
        self.total.append(0.0)
        self.prior.append(prior)
        self.usage.append(usage)
        if node:
            self.children[parent].append(node)
        return node

    def judge(self, node: int, value: float) -> None:
        """Set a node's value."""
        self.value[node] = value

    def mark(self, node: int, status: Status) -> None:
        """Set a node's status."""
        self.status[node] = status

    def back_up(self, node: int, value: float) -> None:
        """Count a visit that found `value`, at a node and all above it."""
        while node >= 0:
            self.visits[node] += 1
            self.total[node] += value
            node = self.parent[node]

    def path(self, node: int) -> Sequence[int]:
        """Return the nodes from the root to `node`, both included."""
        nodes = [node]
        while (node := self.parent[node]) >= 0:
            nodes.append(node)
        return nodes[::-1]
