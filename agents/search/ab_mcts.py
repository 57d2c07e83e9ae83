"""AB-MCTS-A (arXiv 2503.04412): at every node chance decides between a new child and going on with one there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import ClassVar, Literal

from syllogym.agents.search import strategy
from syllogym.agents.search.answers import Manner
from syllogym.agents.search.posteriors import Chance, Distribution, Posterior, posterior
from syllogym.agents.search.tree_search import Line, TreeSearch, at_least
from syllogym.envs.tree.thought_tree import Status
from syllogym.errors import UserError


class _Beliefs:
    """Of a node with children: what a new one and going on with any of them may be worth; which of them can go on."""

    __slots__ = ("cont", "gen", "open")

    def __init__(self, distribution: Distribution) -> None:
        self.gen, self.cont = posterior(distribution), posterior(distribution)
        self.open: list[int] = []


@strategy()
@dataclass(kw_only=True)
class AbMcts(TreeSearch):
    """Adaptive branching by Thompson sampling; a node's reward is what its judge says at once, and goes up its path.

    Attributes:
        generations: nodes at the most. of: nodes are whole ``answers``, children being rewritten ones, or ``thoughts``.
        distribution: of rewards. agents: the models that generate; which one is drawn by what each has earned.
        opinions: of each node. parallel: generations at one time, which chance alone keeps apart.
        enough: it ends with an answer of this value; above 1 it never does. manner: of answers.
    """

    merges: ClassVar[bool] = False

    generations: int = 100
    of: Literal["answers", "thoughts"] = "answers"
    distribution: Distribution = "gaussian"
    agents: Sequence[str] = ("",)
    opinions: int = 1
    parallel: int = 1
    enough: float = 1.0
    manner: Manner = "cot"

    def __post_init__(self) -> None:
        counts = {"generations": self.generations, "opinions": self.opinions, "parallel": self.parallel}
        at_least(self.name, 1, **counts)
        if not self.agents:
            raise UserError("ab_mcts.agents names at least one model.")

    def at_once(self) -> int:
        """Return how many nodes are generated at one time."""
        return self.parallel

    def lines(self) -> Iterator[Line[None]]:
        """Yield a line for each node."""
        self._chance = Chance(self.dice.getrandbits(64))
        self._beliefs: defaultdict[int, _Beliefs] = defaultdict(partial(_Beliefs, self.distribution))
        self._itself: dict[int, Posterior] = {}
        """What nodes may be worth; most of them never have children."""
        self._earned: dict[str, Posterior] = {agent: posterior(self.distribution) for agent in self.agents}
        left = self.generations
        while left and not self.refused and not self.found(self.enough):
            left -= 1
            yield self.generate(self._descend(), self._agent())

    def generate(self, parent: int, agent: str) -> Line[None]:
        """Let a child grow, have it judged, and carry up what it is worth."""
        if self.of == "thoughts":
            nodes = yield from self.think("sample", parent, 1, agent=agent)
        elif parent == 0:
            nodes = yield from self.think("solve", parent, 1, agent=agent, manner=self.manner)
        else:
            nodes = yield from self.think("refine", parent, 1, agent=agent)
        if self.refused:
            return
        scores = yield from self.judge(nodes, self.opinions)
        if self.refused:
            return
        score = scores[0] if scores else 0.0  # a thought that led nowhere
        self._earned[agent].tell(score)
        for node in nodes:
            self._place(node, score)
        self._carry_up(parent, score)

    def _descend(self) -> int:
        beliefs, itself, chance, node = self._beliefs, self._itself, self._chance, 0
        while node in beliefs and (at := beliefs[node]).open and at.gen.draw(chance) < at.cont.draw(chance):
            highest = -inf
            for child in at.open:
                drawn = itself[child].draw(chance)
                if drawn > highest:
                    highest, node = drawn, child
        return node

    def _agent(self) -> str:
        if len(self.agents) == 1:
            return self.agents[0]
        drawn = [self._earned[agent].draw(self._chance) for agent in self.agents]
        return self.agents[drawn.index(max(drawn))]

    def _place(self, node: int, score: float) -> None:
        self._itself[node] = new = posterior(self.distribution)
        new.tell(score)
        self.tree.back_up(node, score)
        if self.of == "answers" or self.tree.status[node] is Status.OPEN:
            self._beliefs[self.tree.parent[node]].open.append(node)

    def _carry_up(self, node: int, score: float) -> None:
        """Tell the parent of a new child what a new one was worth, and all above that what going on was worth."""
        beliefs, itself, parent = self._beliefs, self._itself, self.tree.parent
        beliefs[node].gen.tell(score)
        while (above := parent[node]) >= 0:
            itself[node].tell(score)
            beliefs[above].cont.tell(score)
            node = above
