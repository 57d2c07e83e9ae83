"""How does Monte Carlo tree search go? Down by a rule of choice, widen the leaf, and carry up what was found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status

# Looked up once: that takes longer than a comparison.
_OPEN, _EXPANDED, _DEAD = Status.OPEN, Status.EXPANDED, Status.DEAD


@dataclass(kw_only=True)
class MonteCarlo(TreeSearch):
    """Simulations from the root, each time to the child of the highest mean + weight(N) * share * rarity(n).

    Values are in [0, 1], so `explore` means the same in every task. N are the visits of the parent, n those of the
    child, whose mean is at first its value. What makes up the bound is kept in columns, and renewed as simulations come
    by, so that a choice computes little.

    Attributes:
        simulations: at the most. n: thoughts a leaf is widened by, listed in one call (``propose``) or drawn one by one
            (``sample``). how: of the two. opinions: of each thought. explore: weight of what is little known.
        rollout: how many levels further a simulation goes on, greedily by value, before it carries up.
        parallel: simulations at one time. Each that is under way counts as a visit that found nothing (virtual loss).
        enough: the search ends with an answer of this value; above 1 it never does.
    """

    simulations: int = 200
    n: int = 8
    how: Literal["propose", "sample"] = "propose"
    opinions: int = 1
    explore: float = 1.0
    rollout: int = 0
    parallel: int = 1
    enough: float = 1.0

    def __post_init__(self) -> None:
        counts = {"simulations": self.simulations, "n": self.n, "opinions": self.opinions, "parallel": self.parallel}
        at_least(self.name, 1, **counts)
        at_least(self.name, 0, explore=self.explore, rollout=self.rollout)

    def at_once(self) -> int:
        """Return how many simulations run at one time."""
        return self.parallel

    def lines(self) -> Iterator[Line[None] | None]:
        """Yield simulations in waves; where there is one at a time, a line of all of them, which takes less."""
        self._left = self.simulations
        self._widening: set[int] = set()
        """Leaves of the simulations under way."""
        self._alive: dict[int, list[int]] = {}
        """The children to choose from: those from which not everything is known to fail."""
        self._mean, self._share, self._rare = [0.0], self.shares(), [1.0]
        """By node; shares times rarities are `_rare`."""
        self._weight: list[float] = []
        """By the visits that a node has had: how much counts, at its next one, what is little known."""
        self._rarity = [1.0]
        """By visits, as far as the root's next one."""
        if self.parallel == 1:
            yield self.search()
        while (leaf := self._leaf()) is not None:
            if leaf in self._widening:  # another simulation is at it, so the wave is full
                yield None
                continue
            self._left -= 1
            self._widening.add(leaf)
            self._carry_up(leaf, 0.0)  # the virtual loss
            yield self.simulate(leaf)

    def search(self) -> Line[None]:
        """Simulate one after the other."""
        while (leaf := self._leaf()) is not None:
            self._left -= 1
            yield from self.simulate(leaf)

    def _leaf(self) -> int | None:
        """Return where the next simulation widens; None if they are enough, the budget is spent, or the answer is good.

        Those that end where nothing can be thought on are over at once.
        """
        status, visits = self.tree.status, self.tree.visits
        if self.refused or status[0] is _DEAD or self.found(self.enough):
            return None
        while self._left:
            if len(self._weight) <= visits[0]:
                more = range(len(self._rarity), visits[0] + 64)
                self._weight += self.weights(more)
                self._rarity += self.rarities(more)
            leaf = self._descend()
            if status[leaf] is _OPEN or leaf in self._widening:
                return leaf
            self._left -= 1
            self.end(-1, leaf)
        return None

    def _descend(self) -> int:
        """Go down by the rule of choice, of equals to the first; return where it ends."""
        alive, mean, rare, node = self._alive, self._mean, self._rare, 0
        visits, weights, lowest = self.tree.visits, self._weight, -inf
        while node in alive:
            weight, highest = weights[visits[node]], lowest
            for child in alive[node]:
                bound = mean[child] + weight * rare[child]
                if bound > highest:
                    node, highest = child, bound
        return node

    def simulate(self, leaf: int) -> Line[None]:
        """Widen a leaf, and perhaps the best of what grew, and so on."""
        tree, status, first, node = self.tree, self.tree.status, -1, leaf
        for _ in range(1 + self.rollout):
            grown: list[list[int] | None] = yield [self.request(self.how, (node,), self.n)]
            alive = grown[0]
            if alive is None:
                break
            if alive and _DEAD in status[alive[0] :]:
                alive = [child for child in alive if status[child] is not _DEAD]
            tree.mark(node, _EXPANDED if alive else _DEAD)
            if not alive:
                break
            scores: list[Sequence[float] | None] = yield [self.request("value", tuple(alive), self.opinions)]
            worth = self.judged(alive, scores[0])
            self._open(node, alive)
            node = alive[worth.index(max(worth))]
            first = node if first < 0 else first
            if status[node] is not _OPEN:
                break
        if self.parallel > 1:
            self._widening.discard(leaf)
            for at in tree.path(leaf):
                tree.visits[at] -= 1
        if grown[0] is not None:  # else there was no budget, and it is as if it had never been
            self.end(first, node)
            if status[node] is _DEAD:
                self._bury(node)

    def end(self, first: int, last: int) -> None:
        """Carry up what a simulation found.

        Args:
            first: the best of what it grew on its leaf, -1 if it grew nothing. last: where it ended.
        """
        self._carry_up(last, self.value(last))

    def weights(self, visits: range) -> list[float]:
        """Return how much what is little known counts at a node after so many visits, above 0, the next included."""
        raise NotImplementedError

    def rarities(self, visits: range) -> list[float]:
        """Return how little a node is known after so many visits, above 0; it is 1 after none."""
        raise NotImplementedError

    def shares(self) -> list[float]:
        """Return the column, which grows with the tree, of how much of the weight each node gets."""
        return [1.0]

    def _apportion(self, node: int, children: list[int]) -> None:
        """Bring the column of shares up to date, with those of a node's children."""
        self._share += [1.0] * (len(self.tree.text) - len(self._share))

    def _open(self, node: int, children: list[int]) -> None:
        """Let the children of a node be chosen from."""
        self._alive[node] = children
        self._apportion(node, children)
        value, mean, share, rare = self.tree.value, self._mean, self._share, self._rare
        known = len(mean)
        mean += value[known:]
        rare += share[known:]
        if children[0] < known:  # they were not judged yet when others were opened that grew later
            for child in children:
                mean[child], rare[child] = value[child], share[child]

    def value(self, node: int) -> float:
        """Return what a node is worth, 0 where nobody knows."""
        value = self.tree.value[node]
        return value if value == value and self.tree.status[node] is not _DEAD else 0.0

    def _carry_up(self, node: int, value: float) -> None:
        """Count a simulation and add what it found, at a node and all above it."""
        visits, total, parent = self.tree.visits, self.tree.total, self.tree.parent
        mean, share, rare, rarity = self._mean, self._share, self._rare, self._rarity
        while node:
            visits[node] = count = visits[node] + 1
            total[node] = whole = total[node] + value
            mean[node] = whole / count
            rare[node] = share[node] * rarity[count]
            node = parent[node]
        visits[0] += 1  # nobody chooses the root, so it needs no bound
        total[0] += value

    def _bury(self, node: int) -> None:
        """Rule out a node from which everything fails, and mark those above of which that is then true."""
        while (parent := self.tree.parent[node]) >= 0:
            self._alive[parent].remove(node)
            if self._alive[parent]:
                break
            del self._alive[parent]
            self.tree.mark(parent, Status.DEAD)
            node = parent
