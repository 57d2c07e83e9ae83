"""Do the searches grow, node for node, the trees of slow programs that were written for this test from the papers?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from syllogym.agents import search
from syllogym.agents.search.posteriors import Chance
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.envs.chance import Dice, key_of, mix
from syllogym.envs.tree.usage import NOTHING, Usage

DEPTH = 5


def thoughts(state: str) -> list[str]:
    """Two to four letters, of which some lead to the same place, as ab and ba do."""
    return list("abcd")[: 2 + key_of(state) % 3]


def worth(state: str) -> float:
    return key_of("worth" + state) % 1000 / 1000


def after(state: str, thought: str) -> str:
    return "".join(sorted(state + thought)) if len(state) == 1 else state + thought


class Letters:
    """Words of letters that end with the fifth, or with a d; those of five are no answers where they begin with b."""

    prompt = ""

    def root(self) -> str:
        return ""

    def step(self, state: str, thought: str) -> str:
        return after(state, thought)

    def ended(self, state: str) -> bool:
        return len(state) == DEPTH or state.endswith("d")

    def answer(self, state: str) -> str | None:
        return None if self.dead(state) else state

    def dead(self, state: str) -> bool:
        return len(state) == DEPTH and state.startswith("b")


class Fixed:
    """Proposes in order, with the priors 1, 2, 3, ...; judges as it must."""

    together = True

    def most(self, case: Case) -> Usage:
        return NOTHING

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        request, state = case.request, case.tree.state
        if request.kind == "propose":
            listed = thoughts(str(state[request.nodes[0]]))
            return Result(listed, [1.0 + at for at in range(len(listed))])
        if request.kind == "sample":
            dice = Dice()
            dice.restart(mix(case.seed), 0)
            return Result([str(dice.choice(thoughts(str(state[request.nodes[0]]))))])
        return Result((), [worth(str(state[node])) for node in request.nodes])


def run_ours(name: str, **options: Any) -> Search:
    one = Search(Letters(), search.make({"name": name, **options}), Fixed(), Fixed(), seed=3)
    asyncio.run(run([one]))
    return one


def words(one: Search, nodes: Sequence[int]) -> list[str]:
    return [str(one.tree.state[node]) for node in nodes]


@pytest.mark.parametrize("width", [1, 2, 4, 50])
def test_breadth_first_search_keeps_what_the_reference_keeps(width: int) -> None:
    task, level, grown = Letters(), [""], []
    while level:
        candidates: list[str] = []
        for state in level:
            children = list(dict.fromkeys(after(state, thought) for thought in thoughts(state)))
            grown += children
            candidates += [child for child in children if not task.dead(child) and child not in candidates]
        ranked = sorted(enumerate(candidates), key=lambda pair: (-worth(pair[1]), pair[0]))
        level = [state for _, state in ranked[:width] if not task.ended(state)]
    one = run_ours("tot_bfs", width=width, n=8)
    assert words(one, range(1, len(one.tree))) == grown


@dataclass
class Node:
    """Of the slow programs: everything a node knows, in the node."""

    state: str
    parent: Node | None = None
    prior: float = 1.0
    visits: int = 0
    found: list[float] = field(default_factory=list)
    children: list[Node] | None = None

    def dead(self) -> bool:
        if self.children is None:
            return Letters().dead(self.state)
        return all(child.dead() for child in self.children)


def slow_search(bound: Any, simulations: int) -> list[Node]:
    """Monte Carlo tree search: down, widen the leaf, visit its best child, carry its value up."""
    root, grown = Node(""), []
    for _ in range(simulations):
        if root.dead():
            break
        node = root
        while node.children is not None:
            node.visits += 1
            live = [child for child in node.children if not child.dead()]
            bounds = [bound(node, child, live) for child in live]
            node = live[bounds.index(max(bounds))]
        node.visits += 1
        if not Letters().ended(node.state):
            priors: dict[str, float] = {}
            for at, thought in enumerate(thoughts(node.state)):
                state = after(node.state, thought)
                priors[state] = priors.get(state, 0.0) + 1.0 + at
            node.children = [Node(state, node, prior) for state, prior in priors.items()]
            grown += node.children
            live = [child for child in node.children if not child.dead()]
            if live:
                node = max(live, key=lambda child: worth(child.state))
                node.visits += 1
        value = 0.0 if node.dead() else worth(node.state)
        above: Node | None = node
        while above is not None:
            above.found.append(value)
            above = above.parent
    return grown


def mean(node: Node) -> float:
    return sum(node.found) / node.visits if node.visits else worth(node.state)


def uct(parent: Node, child: Node, live: list[Node]) -> float:
    return mean(child) + 0.8 * sqrt(log(parent.visits) / max(1, child.visits))


def puct(parent: Node, child: Node, live: list[Node]) -> float:
    share = child.prior / sum(other.prior for other in live)
    weight = log((parent.visits + 19652.0 + 1) / 19652.0) + 1.25
    return mean(child) + share * sqrt(parent.visits) / (1 + child.visits) * weight


@pytest.mark.parametrize("simulations", [1, 7, 150])
@pytest.mark.parametrize(("name", "bound", "options"), [("mcts_uct", uct, {"explore": 0.8}), ("mcts_puct", puct, {})])
def test_monte_carlo_search_agrees_with_the_reference(
    name: str, bound: Any, options: dict[str, Any], simulations: int
) -> None:
    reference = slow_search(bound, simulations)
    one = run_ours(name, simulations=simulations, enough=2.0, **options)
    assert words(one, range(1, len(one.tree))) == [node.state for node in reference]
    assert one.tree.visits[1:] == [node.visits for node in reference]
    assert one.tree.total[1:] == pytest.approx([sum(node.found) for node in reference])


class SlowBeliefs:
    """A posterior that keeps every reward, and computes it from all of them each time (normal-inverse-chi-squared)."""

    def __init__(self, distribution: str) -> None:
        self.distribution, self.seen = distribution, list[float]()

    def draw(self, chance: Chance) -> float:
        n = len(self.seen)
        if self.distribution == "beta":
            return chance.beta(0.5 + sum(self.seen), 0.5 + sum(1 - reward for reward in self.seen))
        average = float(np.mean(self.seen)) if n else 0.0
        kappa, nu = 1 + n, 1 + n
        spread = float(np.var(self.seen)) * n if n else 0.0
        tau = (0.1 + spread + n / kappa * average**2) / nu
        return n * average / kappa + sqrt(tau / kappa) * chance.student(nu)


@pytest.mark.parametrize("distribution", ["gaussian", "beta"])
def test_adaptive_branching_agrees_with_the_reference(distribution: str) -> None:
    one = run_ours("ab_mcts", of="thoughts", generations=120, distribution=distribution, enough=2.0)
    dice = Dice()
    dice.restart(mix(3), 0)
    chance, parents = Chance(dice.getrandbits(64)), one.tree.parent
    beliefs: list[dict[str, Any]] = []

    def place(parent: int) -> None:
        kinds = {kind: SlowBeliefs(distribution) for kind in ("gen", "cont", "itself")}
        beliefs.append({"parent": parent, "open": [], **kinds})

    place(-1)
    for new in range(1, len(one.tree)):
        at = 0
        while beliefs[at]["open"]:
            if beliefs[at]["gen"].draw(chance) >= beliefs[at]["cont"].draw(chance):
                break
            drawn = {child: beliefs[child]["itself"].draw(chance) for child in beliefs[at]["open"]}
            at = max(drawn, key=lambda child: drawn[child])
        assert parents[new] == at
        state = str(one.tree.state[new])
        place(at)
        beliefs[at]["gen"].seen.append(worth(state))
        beliefs[new]["itself"].seen.append(worth(state))
        if not Letters().ended(state):
            beliefs[at]["open"].append(new)
        while at > 0:
            beliefs[at]["itself"].seen.append(worth(state))
            at = beliefs[at]["parent"]
            beliefs[at]["cont"].seen.append(worth(state))
    assert len(one.tree) == 121
