"""How many thoughts a second does a search handle, when nobody has to think them? Beside llm-reasoners and TreeQuest.

Held equal: hands of the Game of 24; the eight thoughts a script has in each state, as text; what it says a state is
worth, a hash that guides nobody, so the tree grows; states, which are texts. Ours records the whole tree, the best
answer at any budget, and a log to resume from; theirs runs without a trace. Nodes are thoughts that were judged.

Monte Carlo search runs 200 simulations of a hand, with so much exploration that nearly all of its tree grows. Breadth
first, every prompt is written out and every reply is read. AB-MCTS thinks one thought at a time, from the hand again
where a state is final; TreeQuest does so in place, its faster way.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import permutations
from typing import Any

from benchmarks.measure import NotInstalled, Row, peer, race
from syllogym.agents.search import make
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.usage import NOTHING, Usage

HANDS = ("4 5 6 10", "2 5 8 11", "6 7 8 9", "1 8 10 11", "1 3 5 9")
LARGE = "2 3 5 7 9 10"
SIMULATIONS, EXPLORE = 200, 7.0
WORTH = {"impossible": 0.00005, "likely": 0.05, "sure": 1.0}
_LINE = re.compile(r"\S+ [-+*/] \S+ = \S+ \(left: [^)]*\)")
_PROPOSE = "Input: 2 8 8 14\nPossible next steps:\n2 + 8 = 10 (left: 8 10 14)\nInput: {}\nPossible next steps:\n"
_VALUE = "Evaluate if given numbers can reach 24 (sure/likely/impossible)\n10 14\n10 + 14 = 24\nsure\n{}\n"


@cache
def thoughts(state: str) -> tuple[str, ...]:
    """Return eight thoughts, or fewer where there are no more."""
    numbers, found = [Fraction(number) for number in state.split()], {}
    for i, j in permutations(range(len(numbers)), 2):
        a, b = numbers[i], numbers[j]
        rest = [number for at, number in enumerate(numbers) if at not in (i, j)]
        for sign, made in (("+", a + b), ("-", a - b), ("*", a * b), ("/", a / b if b else None)):
            if made is not None:
                left = " ".join(map(str, sorted([*rest, made])))
                found.setdefault(left, f"{a} {sign} {b} = {made} (left: {left})")
    return tuple(found.values())[:8]


@cache
def label(state: str) -> str:
    """Say what a state is worth."""
    return tuple(WORTH)[zlib.crc32(state.encode()) % 3]


def after(thought: str) -> str:
    """Return the state that a thought leads to."""
    return thought[thought.index("(left: ") + 7 : -1]


class Hand:
    """A hand; its states are the numbers left."""

    def __init__(self, prompt: str, again: bool = False) -> None:
        self.prompt, self.again = prompt, again

    def root(self) -> str:
        return self.prompt

    def step(self, state: str, thought: str) -> str:
        return after(thought)

    def ended(self, state: str) -> bool:
        return " " not in state and not self.again

    def answer(self, state: str) -> str:
        return state


class Script:
    """Proposes and judges what it always does."""

    together = True

    def most(self, case: Case) -> Usage:
        return NOTHING

    async def answer(self, cases: Sequence[Case]) -> list[Result]:
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        request, state = case.request, case.tree.state
        if request.kind == "propose":
            return Result(thoughts(state[request.nodes[0]]))  # type: ignore[arg-type]
        return Result((), [WORTH[label(state[node])] for node in request.nodes])  # type: ignore[arg-type]


class Prompted(Script):
    """Is asked by prompts, and answers in text."""

    def _answer(self, case: Case) -> Result:
        request, state = case.request, case.tree.state
        if request.kind == "propose":
            return Result(_LINE.findall(said(_PROPOSE.format(state[request.nodes[0]]))))
        scores = []
        for node in request.nodes:
            prompt = _VALUE.format(state[node])
            replies = [said(prompt) for _ in range(request.n)]
            scores.append(sum([WORTH[reply.rsplit("\n", 1)[-1]] for reply in replies]) / request.n)
        return Result((), scores)


def said(prompt: str) -> str:
    """Answer a prompt."""
    if prompt.startswith("Input"):
        return "\n".join(thoughts(prompt.rsplit("Input: ", 1)[1].split("\n", 1)[0]))
    return label(prompt.rsplit("\n", 2)[1])


class OneAtATime(Script):
    """Has one thought, any of the eight; from a final state the thoughts of the hand."""

    def __init__(self) -> None:
        self.dice = random.Random(0)

    def _answer(self, case: Case) -> Result:
        request, state = case.request, case.tree.state
        if request.kind != "sample":
            return Result((), [(zlib.crc32(state[node].encode()) % 1000) / 1000 for node in request.nodes])  # type: ignore[attr-defined]
        here = str(state[request.nodes[0]])
        return Result([self.dice.choice(thoughts(here if " " in here else HANDS[0]))])


def rows() -> Iterator[Row | str]:
    yield from _monte_carlo()
    row = Row("breadth first, five kept, with prompt text: thoughts", "nodes/s")
    yield race(row, partial(ours, "tot_bfs", Prompted, n=8))
    row = Row("beam search, five kept, with prompt text: thoughts", "nodes/s")
    yield race(row, partial(ours, "beam", Prompted, n=8, opinions=3))
    yield from _adaptive()
    for name, options in (("mcts_uct", {"n": 8, "explore": EXPLORE}), ("ab_mcts", {"of": "thoughts"})):
        row = Row(f"{name}: a tree of 1,000 nodes beside trees of 50", "nodes/s", "50 nodes", goal=0.8)
        yield race(row, partial(grown, name, options, 1000, 1), partial(grown, name, options, 50, 20))


def _monte_carlo() -> Iterator[Row | str]:
    options = {"n": 8, "simulations": SIMULATIONS, "explore": EXPLORE, "enough": 2.0}
    try:
        theirs, version = llm_reasoners()
    except NotInstalled as absent:
        theirs, version = None, ""
        yield str(absent)
    for name in ("mcts_uct", "mcts_puct"):
        row = Row(f"{name}, 200 simulations of a hand: thoughts", "nodes/s", version, goal=9 if theirs else None)
        yield race(row, partial(ours, name, Script, **options), theirs)


def _adaptive() -> Iterator[Row | str]:
    try:
        theirs, version = treequest()
    except NotInstalled as absent:
        theirs, version = None, ""
        yield str(absent)
    for nodes in (50, 1000):
        goal = 24 if theirs and nodes == 1000 else None
        row = Row(f"ab_mcts, {nodes:,} nodes: thoughts", "nodes/s", version, goal=goal)
        once = 1 if nodes == 1000 else 20
        yield race(
            row, partial(grown, "ab_mcts", {"of": "thoughts"}, nodes, once), theirs and partial(theirs, nodes), rounds=3
        )


def ours(name: str, script: type[Script], **options: Any) -> int:
    """Search every hand; return how many thoughts were judged."""
    asked = script()
    searches = [Search(Hand(hand), make({"name": name, **options}), asked, asked) for hand in HANDS]
    asyncio.run(run(searches))
    return sum(len(one.tree) - 1 for one in searches)


def grown(name: str, options: dict[str, Any], nodes: int, trees: int) -> int:
    """Let trees of so many nodes grow from one hand."""
    bound = {"generations": nodes} if name == "ab_mcts" else {"simulations": 10**6}
    script, hand = (OneAtATime(), Hand(HANDS[0], again=True)) if name == "ab_mcts" else (Script(), Hand(LARGE))
    searches = [
        Search(
            hand, make({"name": name, **options, **bound, "enough": 2.0}), script, script, budget=Budget(nodes=nodes)
        )
        for _ in range(trees)
    ]
    asyncio.run(run(searches))
    return sum(len(one.tree) - 1 for one in searches)


def llm_reasoners() -> tuple[Callable[[], int], str]:
    """Return llm-reasoners' search of every hand, and its version."""
    peer("reasoners", "--no-deps llm-reasoners==1.0.2")
    from reasoners import SearchConfig, WorldModel
    from reasoners.algorithm import MCTS

    class World(WorldModel):  # type: ignore[misc]
        def init_state(self) -> str:
            return str(self.example)

        def step(self, state: str, action: str) -> tuple[str, dict[str, Any]]:
            return after(action), {}

        def is_terminal(self, state: str) -> bool:
            return " " not in state

    class Config(SearchConfig):  # type: ignore[misc]
        def get_actions(self, state: str) -> Sequence[str]:
            return thoughts(state)

        def fast_reward(self, state: str, action: str) -> tuple[float, dict[str, Any]]:
            return WORTH[label(after(action))], {}

        def reward(self, state: str, action: str, **_: Any) -> tuple[float, dict[str, Any]]:
            return WORTH[label(after(action))], {}

    def theirs() -> int:
        count = 0
        for hand in HANDS:
            search = MCTS(
                n_iters=SIMULATIONS,
                w_exp=EXPLORE,
                depth_limit=4,
                disable_tqdm=True,
                output_strategy="max_reward",
                output_trace_in_each_iter=False,
            )
            world, config = World(), Config()
            world.example = config.example = hand
            search(world, config)
            ahead = [search.root]
            while ahead:
                node = ahead.pop()
                count += 1
                ahead += node.children or []
            count -= 1
        return count

    return theirs, f"llm-reasoners {importlib.metadata.version('llm-reasoners')}"


def treequest() -> tuple[Callable[[int], int], str]:
    """Return TreeQuest's AB-MCTS-A in place, and its version."""
    tq = peer("treequest", "treequest==0.3.3")

    def theirs(nodes: int) -> int:
        dice = random.Random(0)

        def think(state: str | None) -> tuple[str, float]:
            here = HANDS[0] if state is None or " " not in state else state
            made = after(dice.choice(thoughts(here)))
            return made, (zlib.crc32(made.encode()) % 1000) / 1000

        algorithm = tq.ABMCTSA()
        state = algorithm.init_tree()
        for _ in range(nodes):
            state = algorithm.step(state, {"": think}, inplace=True)
        return nodes

    return theirs, f"TreeQuest {importlib.metadata.version('treequest')}"
