"""How many thoughts a second does a search handle, when nobody has to think them? Beside three other programs.

Held equal: hands of the Game of 24; the eight thoughts a script has in each state, as text; what it says a state is
worth, a hash that guides nobody, so the tree grows; states, which are texts. Ours records the whole tree, the best
answer at any budget, and a log to resume from; theirs runs without a trace. Nodes are thoughts that were judged.

Monte Carlo search runs 200 simulations of a hand, with so much exploration that nearly all of its tree grows. Breadth
first, every prompt is written out and every reply is read; the other program's prompts are longer, and it keeps no
tree. Three opinions are one reply, said three times, for both. AB-MCTS thinks one thought at a time, from the hand
again where a state is final; TreeQuest does so in place, its faster way.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import random
import sys
import types
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from benchmarks.measure import NotInstalled, Row, peer, race
from benchmarks.search_script import HANDS, PROPOSE, VALUE, WORTH, after, label, said, thoughts
from syllogym.agents.search import make
from syllogym.agents.search.request import Case, Result
from syllogym.agents.search.run import run_all
from syllogym.agents.search.search import Search
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.usage import NOTHING, Usage

LARGE = "2 3 5 7 9 10"
SIMULATIONS, EXPLORE = 200, 7.0


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

    def answer(self, cases: Sequence[Case]) -> list[Result]:
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
            return Result(said(PROPOSE.format(state[request.nodes[0]])).split("\n"))
        scores = []
        for node in request.nodes:
            prompt = VALUE.format(state[node])
            replies = [said(prompt)] * request.n
            scores.append(sum([WORTH[reply.rsplit("\n", 1)[-1]] for reply in replies]) / request.n)
        return Result((), scores)


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
    theirs, version, absent = _there(tree_of_thought_llm)
    if absent:
        yield absent
    row = Row("breadth first, five kept, with prompt text: thoughts", "nodes/s", version, goal=1 if theirs else None)
    yield race(row, partial(ours, "tot_bfs", Prompted, n=8), theirs)
    row = Row("beam search, five kept, with prompt text: thoughts", "nodes/s")
    yield race(row, partial(ours, "beam", Prompted, n=8, opinions=3))
    yield from _adaptive()
    for name, options in (("mcts_uct", {"n": 8, "explore": EXPLORE}), ("ab_mcts", {"of": "thoughts"})):
        row = Row(f"{name}: a tree of 1,000 nodes beside trees of 50", "nodes/s", "50 nodes", goal=0.8)
        yield race(row, partial(grown, name, options, 1000, 1), partial(grown, name, options, 50, 20))


def _monte_carlo() -> Iterator[Row | str]:
    options = {"n": 8, "simulations": SIMULATIONS, "explore": EXPLORE, "enough": 2.0}
    theirs, version, absent = _there(llm_reasoners)
    if absent:
        yield absent
    for name in ("mcts_uct", "mcts_puct"):
        row = Row(f"{name}, 200 simulations of a hand: thoughts", "nodes/s", version, goal=9 if theirs else None)
        yield race(row, partial(ours, name, Script, **options), theirs)


def _adaptive() -> Iterator[Row | str]:
    theirs, version, absent = _there(treequest)
    if absent:
        yield absent
    for nodes in (50, 1000):
        goal = 24 if theirs and nodes == 1000 else None
        row = Row(f"ab_mcts, {nodes:,} nodes: thoughts", "nodes/s", version, goal=goal)
        once = 1 if nodes == 1000 else 20
        yield race(row, partial(grown, "ab_mcts", {"of": "thoughts"}, nodes, once), theirs and partial(theirs, nodes))


def _there(program: Callable[[], tuple[Any, str]]) -> tuple[Any, str, str]:
    """Return a program with its version, or what to install for it."""
    try:
        return (*program(), "")
    except NotInstalled as absent:
        return None, "", str(absent)


def ours(name: str, script: type[Script], **options: Any) -> int:
    """Search every hand; return how many thoughts were judged."""
    asked = script()
    searches = [Search(Hand(hand), make({"name": name, **options}), asked, asked) for hand in HANDS]
    run_all(searches)
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
    run_all(searches)
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


def tree_of_thought_llm() -> tuple[Callable[[], int], str]:
    """Return tree-of-thought-llm's breadth-first search of every hand, and its version."""
    models = types.ModuleType("tot.models")  # in place of its own, which wants an endpoint
    vars(models)["gpt"] = lambda prompt, n=1, **_: [said(prompt)] * n
    pip = "--no-deps tree-of-thoughts-llm==0.1.0 pandas sympy"
    peer("tot", pip)
    sys.modules["tot.models"] = models
    bfs, game24 = peer("tot.methods.bfs", pip), peer("tot.tasks.game24", pip)
    settings = argparse.Namespace(
        backend="", temperature=0.7, method_generate="propose", method_evaluate="value", method_select="greedy",
        n_evaluate_sample=3, n_select_sample=5,
    )  # fmt: skip

    task = game24.Game24Task()
    task.data, task.steps = HANDS, 3

    def theirs() -> int:
        task.value_cache, count = {}, 0
        for at in range(len(HANDS)):
            bfs.gpt = vars(models)["gpt"]  # which it wraps once more in each search
            with contextlib.redirect_stdout(None):
                _, info = bfs.solve(settings, task, at, to_print=False)
            count += sum(len(step["new_ys"]) for step in info["steps"])
        return count

    return theirs, f"tree-of-thought-llm {importlib.metadata.version('tree-of-thoughts-llm')}"


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
