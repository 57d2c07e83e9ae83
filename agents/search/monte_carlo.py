"""How does Monte Carlo tree search go? Down by a rule of choice, widen the leaf, and carry up what was found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status


@dataclass(kw_only=True)
class MonteCarlo(TreeSearch):
    """Simulations from the root. Values are in [0, 1], so `explore` means the same in every task.

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
        """Yield simulations, until they are enough, the budget is spent, or the answer is good.

        Those that end where nothing can be thought on are over at once, and are not yielded.
        """
        self._widening: set[int] = set()
        self.alive: dict[int, list[int]] = {}
        """The children to choose from: those from which not everything is known to fail."""
        status = self.tree.status
        left = self.simulations
        while left and not self.refused and status[0] is not Status.DEAD and not self.found(self.enough):
            leaf = self._descend()
            if leaf in self._widening:  # another simulation is at it, so the wave is full
                self._carry_up(leaf, -1, 0.0)
                yield None
                continue
            left -= 1
            if status[leaf] is Status.OPEN:
                self._widening.add(leaf)
                yield self.simulate(leaf)
            else:
                self.end(-1, leaf)

    def _descend(self) -> int:
        """Go down by the rule of choice, counting visits; return where it ends."""
        alive, visits, choose, node = self.alive, self.tree.visits, self.choose, 0
        visits[0] += 1
        while node in alive:
            node = choose(node, alive[node])
            visits[node] += 1
        return node

    def simulate(self, leaf: int) -> Line[None]:
        """Widen a leaf, and perhaps the best of what grew, and so on."""
        tree, first, node = self.tree, -1, leaf
        for _ in range(1 + self.rollout):
            self._widening.add(node)
            grown = yield from self.widen(node)
            self._widening.discard(node)
            if grown is None:
                self._carry_up(node, -1, 0.0)
                return
            if not grown:
                break
            node = grown[0] if self.refused else max(grown, key=tree.value.__getitem__)
            tree.visits[node] += 1
            first = node if first < 0 else first
            if tree.status[node] is not Status.OPEN:
                break
        self.end(first, node)

    def end(self, first: int, last: int) -> None:
        """Carry up what a simulation found: `first` is the best of what it grew on its leaf, -1 if it grew nothing."""
        self._carry_up(last, 0, self.value(last))

    def choose(self, node: int, children: list[int]) -> int:
        """Return the child to go to."""
        raise NotImplementedError

    def widen(self, node: int) -> Line[list[int] | None]:
        """Think on from a leaf and judge what grew; return what is alive of it, None where there was no budget."""
        tree = self.tree
        grown: list[list[int] | None] = yield [self.request(self.how, (node,), self.n)]
        if grown[0] is None:
            return None
        alive = [child for child in grown[0] if tree.status[child] is not Status.DEAD]
        if alive:
            scores: list[Sequence[float] | None] = yield [self.request("value", tuple(alive), self.opinions)]
            self.judged(alive, scores[0])
            tree.mark(node, Status.EXPANDED)
            self.alive[node] = alive
            self.widened(alive)
        else:
            self._bury(node)
        return alive

    def widened(self, children: list[int]) -> None:
        """Prepare the children of a node for being chosen from."""

    def value(self, node: int) -> float:
        """Return what a node is worth, 0 where nobody knows."""
        value = self.tree.value[node]
        return value if value == value and self.tree.status[node] is not Status.DEAD else 0.0

    def _carry_up(self, node: int, visit: int, value: float) -> None:
        """Add what a simulation found to a node and all above it; a `visit` of -1 makes as if it had never been."""
        visits, total, parent = self.tree.visits, self.tree.total, self.tree.parent
        while node >= 0:
            visits[node] += visit
            total[node] += value
            node = parent[node]

    def _bury(self, node: int) -> None:
        """Mark a node from which everything fails, and those above of which that is then true."""
        self.tree.mark(node, Status.DEAD)
        while (parent := self.tree.parent[node]) >= 0:
            self.alive[parent].remove(node)
            if self.alive[parent]:
                break
            del self.alive[parent]
            self.tree.mark(parent, Status.DEAD)
            node = parent
