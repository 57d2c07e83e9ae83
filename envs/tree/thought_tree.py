"""Where do the thoughts of a search live? In columns, one entry a node; node 0 is the root."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import IntEnum
from math import isnan, nan
from typing import TYPE_CHECKING

from syllogym.envs.tree.undo import Log
from syllogym.envs.tree.usage import Usage

if TYPE_CHECKING:
    import networkx as nx


class Status(IntEnum):
    """What a search knows of a node."""

    OPEN = 0
    EXPANDED = 1
    PRUNED = 2
    TERMINAL = 3
    DEAD = 4


class ThoughtTree:
    """A tree of thoughts. Read the columns as you like; change them by the methods, which a rollback undoes.

    Attributes (a list each, by node):
        text, state: the thought, and where it leads. parent: -1 for the root. children: nodes, one empty tuple where
            there are none (most nodes have none). depth: 0 for the root.
        status: see `Status`. author: who thought it. value: in [0, 1], nan while nobody has judged it.
        visits, total: how often a search came by, and the sum of what it found there. prior: weight of the proposal.
        usage: what the thought used, None for nothing.
        also: further ways to a node, as (parent, node, thought): states that were reached again (see `add`).
    """

    def __init__(self, text: str, state: Hashable = None) -> None:
        self.text: list[str] = []
        self.state: list[Hashable] = []
        self.parent: list[int] = []
        self.children: list[Sequence[int]] = []
        self.depth: list[int] = []
        self.status: list[Status] = []
        self.author: list[str | None] = []
        self.value: list[float] = []
        self.visits: list[int] = []
        self.total: list[float] = []
        self.prior: list[float] = []
        self.usage: list[Usage | None] = []
        self.also: list[tuple[int, int, str]] = []
        self._log: Log | None = None  # there is one only while somebody may want to go back
        self._place: dict[Hashable, int] = {}
        self._placed = 0  # nodes whose states are in `_place`
        self._graph: nx.DiGraph | None = None
        self.add(-1, text, state=state)

    def __len__(self) -> int:
        return len(self.text)

    def __eq__(self, other: object) -> bool:
        """Say whether two trees hold the same, in all columns."""
        if not isinstance(other, ThoughtTree):
            return NotImplemented
        same = all(getattr(self, name) == getattr(other, name) for name in COLUMNS if name != "value")
        pairs = zip(self.value, other.value, strict=False)
        return same and self.also == other.also and all(a == b or (isnan(a) and isnan(b)) for a, b in pairs)

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
        merge: bool = False,
    ) -> int:
        """Add a thought under `parent`; return its node.

        Under `merge` a thought that leads to a state which a node has already makes no node: the one who was there
        first keeps the place, and everything below it; that there is another way to it is noted in `also`. A way back
        to a state further up is noted all the same, so it closes a circle there, as it does in the space of states.
        """
        if merge and state is not None and (place := self.find(state)) is not None:
            self.also.append((parent, place, text))
            return place
        node = len(self.text)
        self.text.append(text)
        self.state.append(state)
        self.parent.append(parent)
        self.children.append(())
        self.depth.append(self.depth[parent] + 1 if node else 0)
        self.status.append(status)
        self.author.append(author)
        self.value.append(value)
        self.visits.append(0)
        self.total.append(0.0)
        self.prior.append(prior)
        self.usage.append(usage)
        if node:
            self._put_under(parent, (node,))
        return node

    def add_all(
        self,
        parent: int,
        texts: Sequence[str],
        states: Sequence[Hashable],
        priors: Sequence[float],
        statuses: Sequence[Status],
        *,
        author: str | None = None,
        usage: Usage | None = None,
    ) -> list[int]:
        """Add thoughts under one parent, as several calls of `add` would, only faster; return their nodes.

        Args:
            usage: of all of them together; the first one carries it.
        """
        first, count = len(self.text), len(texts)
        nodes = list(range(first, first + count))
        self.text += texts
        self.state += states
        self.parent += [parent] * count
        self.children += [()] * count
        self.depth += [self.depth[parent] + 1] * count
        self.status += statuses
        self.author += [author] * count
        self.value += [nan] * count
        self.visits += [0] * count
        self.total += [0.0] * count
        self.prior += priors
        self.usage += [None] * count
        if nodes:
            self.usage[first] = usage
            self._put_under(parent, nodes)
        return nodes

    def find(self, state: Hashable) -> int | None:
        """Return the first node in a state, if there is one."""
        place, states = self._place, self.state
        while self._placed < len(states):
            place.setdefault(states[self._placed], self._placed)
            self._placed += 1
        return place.get(state)

    def judge(self, node: int, value: float) -> None:
        """Set a node's value."""
        if self._log is not None:
            self._log.keep(self.value, node)
        self.value[node] = value

    def judge_all(self, nodes: Sequence[int], values: Sequence[float]) -> None:
        """Set the values of several nodes, one each."""
        column = self.value
        if len(values) != len(nodes):
            raise ValueError(f"{len(values)} values were given for {len(nodes)} nodes.")
        if self._log is not None:
            for node in nodes:
                self._log.keep(column, node)
        for at, node in enumerate(nodes):  # as every judged thought comes by here, and a strict zip takes longer
            column[node] = values[at]

    def mark(self, node: int, status: Status) -> None:
        """Set a node's status."""
        if self._log is not None:
            self._log.keep(self.status, node)
        self.status[node] = status

    def charge(self, node: int, usage: Usage) -> None:
        """Add to what a node used."""
        if self._log is not None:
            self._log.keep(self.usage, node)
        before = self.usage[node]
        self.usage[node] = usage if before is None else before + usage

    def back_up(self, node: int, value: float) -> None:
        """Count a visit that found `value`, at a node and all above it."""
        visits, total, parent = self.visits, self.total, self.parent
        if self._log is not None:
            self._log.keep_visit(node, parent, total)
        while node >= 0:
            visits[node] += 1
            total[node] += value
            node = parent[node]

    def path(self, node: int) -> Sequence[int]:
        """Return the nodes from the root to `node`, both included."""
        nodes = [node]
        while (node := self.parent[node]) >= 0:
            nodes.append(node)
        return nodes[::-1]

    def below(self, node: int = 0) -> Iterator[int]:
        """Yield a node and all below it, each before its children, the children in order."""
        ahead = [node]
        while ahead:
            node = ahead.pop()
            yield node
            ahead.extend(reversed(self.children[node]))

    def spent(self, node: int = 0) -> Usage:
        """Return what a node and all below it used."""
        used = (self.usage[one] for one in self.below(node))
        return sum((usage for usage in used if usage is not None), Usage())

    def checkpoint(self) -> int:
        """Return a mark to go back to. Changes are logged while marks are held; nothing is copied."""
        if self._log is None:
            self._log = Log()
        return self._log.hold(len(self.text), len(self.also))

    def rollback(self, mark: int) -> None:
        """Go back to what was when `mark` was made. Later marks are gone; it is still held, for further tries.

        Raises:
            UserError: if the mark is not held any more.
        """
        nodes, also = Log.of(self._log).undo(mark, self)
        for node in reversed(range(max(1, nodes), len(self.text))):
            above = self.parent[node]
            self.children[above] = self.children[above][:-1] or ()  # its newest, as nodes are numbered as they come
        for node in range(nodes, self._placed):
            if self._place.get(self.state[node]) == node:
                del self._place[self.state[node]]
        self._placed = min(self._placed, nodes)
        for name in (*COLUMNS, "children"):
            del getattr(self, name)[nodes:]
        del self.also[also:]
        if self._graph is not None:
            self._graph.clear()

    def release(self, mark: int) -> None:
        """Give up a mark and those made after it; what was changed since stays."""
        if Log.of(self._log).release(mark):
            self._log = None

    def _put_under(self, parent: int, nodes: Sequence[int]) -> None:
        before = self.children[parent]
        if isinstance(before, list):
            before += nodes
        else:
            self.children[parent] = list(nodes)

    @property
    def graph(self) -> nx.DiGraph:
        """The tree as a networkx graph, always the same one, brought up to date now: columns are attributes."""
        from syllogym.envs.tree.graph import updated

        self._graph = updated(self._graph, self)
        return self._graph


COLUMNS = (
    "text", "state", "parent", "depth", "status", "author", "value", "visits", "total", "prior", "usage",
)  # fmt: skip
"""Names of the columns that are not made of others, as `children` are."""
