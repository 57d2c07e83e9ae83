"""Can the agent colour the nodes of a graph so that no edge joins two of one colour?"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_range

COLOURS = ("red", "green", "blue", "yellow", "purple")

_IS = re.compile(r"(\d+)\s*(?:=|is)\s*([a-z]+)", re.ASCII)


class Coloring:
    """A graph as a space of states: tuples with the colour of each node, an empty text where it has none yet.

    A thought colours nodes: ``3 = red``. Two ends of an edge in one colour are illegal.
    """

    def __init__(self, nodes: int, edges: Sequence[tuple[int, int]], colours: int) -> None:
        self.nodes, self.edges, self.colours = nodes, tuple(sorted(edges)), COLOURS[:colours]
        near: list[set[int]] = [set() for _ in range(nodes)]
        for a, b in self.edges:
            near[a].add(b)
            near[b].add(a)
        self.near = tuple(map(frozenset, near))
        self._behind = lru_cache(maxsize=8_192)(self._search)
        self.prompt = (
            f"Colour the nodes 1 to {nodes} of a graph with {', '.join(self.colours)}, so that the ends of every edge "
            f"differ.\nEdges: {', '.join(f'{a + 1}-{b + 1}' for a, b in self.edges)}\n"
            f"Write all nodes, as in 1 = {self.colours[0]}, 2 = {self.colours[1]}, ..."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy the puzzle without what has been worked out of it."""
        return Coloring, (self.nodes, self.edges, len(self.colours))

    def root(self) -> tuple[str, ...]:
        return ("",) * self.nodes

    def step(self, state: tuple[str, ...], thought: str) -> tuple[str, ...]:
        given = _IS.findall(thought[:2_000].lower())
        if not given or _IS.sub("", thought.lower()).strip(" ,;.\n\t"):
            raise IllegalThought(f"A thought colours nodes, as in 3 = {self.colours[0]}.")
        for node, colour in given:
            place = int(node[:6]) - 1
            if not 0 <= place < self.nodes or colour not in self.colours:
                raise IllegalThought(f"Nodes go from 1 to {self.nodes}; colours are {', '.join(self.colours)}.")
            if state[place]:
                raise IllegalThought(f"Node {node} is {state[place]} already.")
            if colour not in self._free(state, place):
                raise IllegalThought(f"Node {node} is joined to one that is {colour}.")
            state = (*state[:place], colour, *state[place + 1 :])
        return state

    def show(self, state: tuple[str, ...]) -> str:
        told = [f"{node} = {colour}" for node, colour in enumerate(state, start=1) if colour]
        return ", ".join(told) or "No node is coloured."

    def ended(self, state: tuple[str, ...]) -> bool:
        return not self.moves(state)

    def answer(self, state: tuple[str, ...]) -> str | None:
        return self.show(state) if all(state) else None

    def score(self, answer: str) -> float:
        given = dict(_IS.findall(answer.lower()))
        found = [given.get(str(node)) for node in range(1, self.nodes + 1)]
        proper = all(colour in self.colours for colour in found) and len(given) == self.nodes
        return float(proper and all(found[a] != found[b] for a, b in self.edges))

    def moves(self, state: tuple[str, ...]) -> Sequence[str]:
        """List the colours of the node with the fewest (of those, the one with most edges)."""
        place = self._next(state)
        if place is None or any(not colour and not self._free(state, node) for node, colour in enumerate(state)):
            return ()
        return [f"{place + 1} = {colour}" for colour in self._free(state, place)]

    def promise(self, state: tuple[str, ...]) -> float:
        return float(self._behind(state) is not None)

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        found = self._behind(self.root())
        if found is None:
            raise UserError("The graph cannot be coloured with so few colours.")
        return self.show(found)

    def _free(self, state: tuple[str, ...], node: int) -> list[str]:
        taken = {state[other] for other in self.near[node]}
        return [colour for colour in self.colours if colour not in taken]

    def _next(self, state: tuple[str, ...]) -> int | None:
        open_ones = [node for node, colour in enumerate(state) if not colour]
        return min(open_ones, key=lambda node: (len(self._free(state, node)), -len(self.near[node])), default=None)

    def _search(self, state: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return a colouring that goes on from a state, the first that is found."""
        place = self._next(state)
        if place is None:
            return state
        ahead = ((*state[:place], colour, *state[place + 1 :]) for colour in self._free(state, place))
        return next((found for found in map(self._behind, ahead) if found is not None), None)


@register()
class ColoringPuzzle(Puzzle):
    """Colour a random graph that was grown around a colouring, so it has one.

    Options:
        nodes, colours: how many. density: share of the edges between nodes of different colours that are there.
    """

    levels = {"nodes": (5, 8, 12), "density": (0.4, 0.6)}

    def draw(self, rng: random.Random, nodes: int = 8, colours: int = 3, density: float = 0.5) -> tuple[str, Coloring]:
        check_range("nodes", nodes, 3, 24)
        check_range("colours", colours, 2, len(COLOURS))
        if not 0 < density <= 1:
            raise UserError(f"density is above 0 and up to 1; not {density!r}.")
        hidden = [rng.randrange(colours) for _ in range(nodes)]
        task = Coloring(nodes, list(_edges(rng, hidden, density)), colours)
        return task.prompt, task


def _edges(rng: random.Random, hidden: list[int], density: float) -> Iterator[tuple[int, int]]:
    for a, b in combinations(range(len(hidden)), 2):
        if hidden[a] != hidden[b] and rng.random() < density:
            yield a, b
