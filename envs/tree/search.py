"""Can the agent search? It grows a tree of thoughts by the actions of `syllogym.envs.tree.actions`, and answers."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.envs import Reply, TextEnv, Turn, make_plain, register
from syllogym.envs.tree.actions import Action, Answer, Backtrack, Evaluate, Expand, Propose, Refused, read, written
from syllogym.envs.tree.bare import line, open_nodes, replies
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.pay import Account, Prices
from syllogym.envs.tree.render import to_text
from syllogym.envs.tree.session import Evaluator, Proposer, Session
from syllogym.envs.tree.tasks import task_of
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError, check_options

_GRAMMAR = """Search by one action a reply:
<propose node="3">thought</propose> adds a thought below node 3
<expand node="3" k="4"/> lets others add up to 4 thoughts
<evaluate node="5">0.7</evaluate> judges a node (0 to 1, or sure, likely, impossible)
<backtrack to="2" prune="1"/> goes back to node 2 and cuts off the branch you leave
<answer node="7">final answer</answer> ends the search; <answer node="7"/> answers what node 7 stands for"""


@register()
class TreeSearch(TextEnv):
    """Search an instance of any task, thought by thought, within a budget, and answer.

    Options:
        task, task_options: an environment and its options; one without states of its own is forked after every reply.
        budget: limits (`nodes`, `tokens`, `prompt`, `completion`, `calls`, `seconds`). Nodes that are used up leave the
            answer; any other limit that is reached truncates, and a reply that goes beyond it is not acted on.
        outcome, step, token_cost, node_cost, invalid, potential, discount: see `syllogym.envs.tree.pay.Prices`.
        shown: lines of the tree in a prompt. bare: prompts are one line (see `syllogym.envs.tree.bare`), without the
            task and the actions: for models made from nothing, which learn what it means.
        expands: thoughts that an <expand/> without `k` adds. Above 1 the reference solver expands; else it proposes.

    Attributes:
        proposer, evaluator: who adds thoughts for <expand/> and judges for an empty <evaluate/>: by default the task's
            own moves and promise. session: the search that is under way.
    """

    max_turns = 60
    doctor_options = {"task": "math/game24"}
    proposer: Proposer | None = None
    evaluator: Evaluator | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._most_turns = self.max_turns

    def on_reset(
        self,
        rng: random.Random,
        task: str = "math/game24",
        task_options: Mapping[str, Any] | None = None,
        budget: Mapping[str, float] | None = None,
        outcome: float = 1.0,
        step: float = 0.0,
        token_cost: float = 0.0,
        node_cost: float = 0.0,
        invalid: float = 0.1,
        potential: str = "none",
        discount: float = 1.0,
        shown: int = 60,
        bare: bool = False,
        expands: int = 1,
    ) -> str:
        self.max_turns = self._most_turns
        self.session = begin(rng, task, task_options, budget, self.proposer, self.evaluator)
        prices = Prices(outcome, step, token_cost, node_cost, invalid, potential, discount)
        self.account, self.shown = Account(self.session, prices), shown
        self.bare, self.expands = bare, expands
        if bare:
            return line(self.session)
        return f"{self.session.task.prompt}\n\n{_GRAMMAR}\n\n{self._state()}"

    def instance(self, first: str | Mapping[str, str]) -> str:
        return self.session.task.prompt  # a bare first line tells nothing of the task

    def on_step(self, reply: Reply) -> Turn:
        session = self.session
        session.hear(usage_of(reply))
        told, refused = "", False
        try:
            told = "" if session.overspent else act(session, read(reply), self.expands)
        except Refused as error:
            told, refused = str(error), True
        over = session.answered is not None
        if session.exhausted and not over:
            self.max_turns, told = self.turn + 1, "The budget is used up."  # so the engine truncates here
        ends = over or self.turn + 1 == self.max_turns
        reward = self.account.pay(refused, over=ends)
        info = {"tree": session.tree, "usage": session.meter.spent} if ends else {}
        shown = told if ends else line(session) if self.bare else f"{told}\n\n{self._state()}"
        return Turn(shown, reward, over, refused=refused, **info)

    def choices(self, agent: str) -> Sequence[str] | None:
        """List, where prompts are bare, every node to expand or answer, after what it shows; to give up if none is."""
        return replies(self.session) if self.bare else None

    def solve(self) -> str:
        action: Action = self.session.advice()
        if self.expands > 1 and isinstance(action, Propose):
            action = Expand(action.node)
        return self._written(action)

    def slip(self, rng: random.Random, rate: float) -> str:
        """Expand, with chance `rate`, any node that can be, whatever it promises, as long as nothing is found."""
        growing = [node for node in open_nodes(self.session) if self.session.can_grow(node)]
        found = isinstance(self.session.advice(), Answer)
        if self.expands == 1 or found or not growing or rng.random() >= rate:
            return self.solve()
        return self._written(Expand(rng.choice(growing)))

    def _written(self, action: Action) -> str:
        return written(action).replace('"', "") if self.bare else written(action)

    def _state(self) -> str:
        session = self.session
        tree = to_text(session.tree, cursor=session.cursor, most=self.shown)
        spent = session.meter.spent
        limits = [(name, limit) for name, limit in session.meter.budget.limits() if name != "seconds"]
        left = [f"{limit - getattr(spent, name):g} {name}" for name, limit in limits]
        shown = session.task.show(session.tree.state[session.cursor])
        return f"{tree}\nYou stand at node {session.cursor}. {shown}\nLeft: {', '.join(left) or 'no limit'}."


def begin(
    rng: random.Random,
    task: str,
    task_options: Mapping[str, Any] | None = None,
    budget: Mapping[str, float] | None = None,
    proposer: Proposer | None = None,
    evaluator: Evaluator | None = None,
) -> Session:
    """Draw an instance of a task and begin to search it."""
    if task in ("tree/search", "tree/team"):
        raise UserError(f"{task} is a search, not something that is searched: name another task.")
    if not isinstance(task_options or {}, Mapping):
        raise UserError(f"task_options are names with values, such as {{'size': 4}}; not {task_options!r}.")
    env = make_plain(task, **(task_options or {}))
    env.reset(seed=rng.getrandbits(62))
    limits = {"nodes": 30} if budget is None else dict(budget)
    check_options("budget", Budget.__dataclass_fields__, limits)
    if "money" in limits:
        raise UserError("budget.money: nothing has a price here; limit tokens or calls.")
    for name, limit in limits.items():
        if not isinstance(limit, int | float):
            raise UserError(f"budget.{name} is a number; it is {limit!r}.")
    session = Session(task_of(env), Budget(**limits), rng)
    if proposer is not None:
        session.proposer = proposer
    if evaluator is not None:
        session.evaluator = evaluator
    return session


def act(session: Session, action: Action, expands: int = 1) -> str:
    """Do an action; return what there is to say about it. `Refused` where it is not allowed.

    `expands` is how many thoughts an expansion adds where it does not say.
    """
    if isinstance(action, Propose):
        before = len(session.tree)
        node = session.propose(action.text, action.node)
        return f"Node {node}." if node == before else f"That leads to node {node}, which is there already."
    if isinstance(action, Expand):
        nodes = session.expand(action.node, expands if action.k is None else action.k)
        return f"New nodes: {', '.join(map(str, nodes)) or 'none'}."
    if isinstance(action, Evaluate):
        return f"Its value is {session.evaluate(action.node, action.value):g}."
    if isinstance(action, Backtrack):
        session.backtrack(action.to, action.prune)
        return f"Back at node {action.to}."
    session.answer(action.text, action.node)
    return "Answered."


def usage_of(reply: Reply) -> Usage:
    """Return what a reply used: the tokens its engine or server counted, or, where nobody did, its words."""
    if reply.token_ids is not None:
        return Usage(prompt=len(reply.prompt_ids or ()), completion=len(reply.token_ids), calls=1)
    if reply.tokens is not None:
        prompt, completion, cached = reply.tokens
        return Usage(prompt - cached, cached, completion, calls=1)
    return Usage(completion=len(reply.split()), calls=1)
