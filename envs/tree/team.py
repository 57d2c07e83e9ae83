"""Can three agents search together? A controller says where, a proposer thinks, an evaluator judges.

Each is paid for its own part: the controller the outcome less what the search costs; the proposer the promise of each
thought (and `invalid` for one that leads nowhere); the evaluator, for each judgement, how near it is to the promise of
the state, 1 - (value - promise)^2, or, where nobody knows that, to the score of the answer in the end.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import isnan
from typing import Any

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register
from syllogym.envs.tree.actions import Answer, Evaluate, Expand, Propose, Refused, judgement, read, written
from syllogym.envs.tree.pay import Account, Prices
from syllogym.envs.tree.render import to_text
from syllogym.envs.tree.search import act, begin, usage_of

_GRAMMAR = """You control a search by one action a reply:
<expand node="3" k="2"/> has the proposer think 2 thoughts on from node 3
<evaluate node="5"/> has the evaluator judge node 5
<backtrack to="2" prune="1"/> goes back to node 2 and cuts off the branch you leave
<answer node="7"/> ends the search with what node 7 stands for"""


@register()
class TeamSearch(TeamEnv):
    """The search of ``tree/search`` by three roles, each with its own credit.

    Options are those of ``tree/search``; `step` is what a promising thought is worth to the proposer, and `calibration`
    what a judgement that is right is worth to the evaluator.
    """

    agents = ("controller", "proposer", "evaluator")
    max_turns = 60
    doctor_options = {"task": "math/game24"}

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
        calibration: float = 0.0,
        token_cost: float = 0.0,
        node_cost: float = 0.0,
        invalid: float = 0.1,
        shown: int = 60,
    ) -> dict[str, str]:
        self.max_turns = self._most_turns
        self.session = begin(rng, task, task_options, budget)
        self.account = Account(self.session, Prices(outcome, 0.0, token_cost, node_cost, invalid))
        self.step_pay, self.calibration, self.invalid, self.shown = step, calibration, invalid, shown
        self.asked: Expand | Evaluate | None = None
        self.unsettled: dict[int, float] = {}
        prompt = self.session.task.prompt
        return {
            "controller": f"{prompt}\n\n{_GRAMMAR}\n\n{self._state()}",
            "proposer": f"{prompt}\nYou think on from a state when you are asked: one thought a line.",
            "evaluator": f"{prompt}\nYou judge states when you are asked: from 0 to 1, or sure, likely, impossible.",
        }

    def to_act(self) -> tuple[str]:
        return ("controller" if self.asked is None else "proposer" if isinstance(self.asked, Expand) else "evaluator",)

    def on_step(self, agent: str, reply: Reply) -> Turn:
        self.session.hear(usage_of(reply))
        if self.session.overspent:
            self.asked = None
            return self._told("The budget is used up.", {}, refused=False)
        if agent == "controller":
            return self._controlled(reply)
        told, reward = self._proposed(reply) if agent == "proposer" else self._judged(reply)
        self.asked = None
        return self._told(told, {agent: reward}, refused=False)

    def settle(self) -> Mapping[int, Any]:
        """Pay the judgements of states whose promise nobody knows, by the score that was reached."""
        score = self.session.score
        return {turn: {"evaluator": self.calibration * _near(value, score)} for turn, value in self.unsettled.items()}

    def solve(self, agent: str) -> str:
        """Do as the promise of every state advises."""
        advice = self.session.advice()
        if agent == "evaluator" and isinstance(self.asked, Evaluate):
            return f"{self.session.task.promise(self._state_of(self.asked)) or 0.0:.9g}"
        tree = self.session.tree
        if agent == "controller" and len(tree) > 1 and isnan(tree.value[-1]) and self.session.live(len(tree) - 1):
            return written(Evaluate(len(tree) - 1))
        if isinstance(advice, Answer):
            return written(advice)
        return advice.text if agent == "proposer" else written(Expand(advice.node, 1))

    def _controlled(self, reply: Reply) -> Turn:
        session = self.session
        try:
            action = read(reply)
            if isinstance(action, Propose) or (isinstance(action, Evaluate) and action.value is not None):
                raise Refused("Others think and judge: say <expand/> or an empty <evaluate/>.")
            if isinstance(action, Expand | Evaluate):
                node = session.cursor if action.node is None else action.node
                session.check(node, grows=isinstance(action, Expand))
                self.asked = Expand(node, action.k or 1) if isinstance(action, Expand) else Evaluate(node)
                return self._told("", {}, refused=False)
            told = act(session, action)
        except Refused as error:
            return self._told(str(error), {}, refused=True)
        return self._told(told, {}, refused=False)

    def _proposed(self, reply: Reply) -> tuple[str, Reward]:
        """Add the thoughts of a reply, one a line, up to as many as were asked for."""
        session, asked = self.session, self.asked
        assert isinstance(asked, Expand)
        before, wrong, told = len(session.tree), 0, []
        for line in [line.strip() for line in reply.splitlines() if line.strip()][: asked.k] or [""]:
            try:
                session.propose(line, asked.node, author="proposer")
            except Refused as error:
                wrong += 1
                told.append(str(error))
        session.cursor = asked.node or 0
        new = range(before, len(session.tree))
        right = sum(session.task.promise(session.tree.state[node]) or 0.0 for node in new)
        told.append(f"New nodes: {', '.join(map(str, new)) or 'none'}.")
        parts = {"step": self.step_pay * right, "invalid": -self.invalid * wrong}
        return "\n".join(told), _reward(parts)

    def _judged(self, reply: Reply) -> tuple[str, Reward]:
        session, asked = self.session, self.asked
        assert isinstance(asked, Evaluate)
        try:
            value = judgement(reply)
        except Refused as error:
            return str(error), _reward({"invalid": -self.invalid})
        session.evaluate(asked.node, value)
        promise = session.task.promise(self._state_of(asked))
        if promise is None:
            self.unsettled[self.turn] = value
        near = 0.0 if promise is None else _near(value, promise)
        return f"Node {asked.node} is worth {value:g}.", _reward({"calibration": self.calibration * near})

    def _told(self, told: str, rewards: dict[str, Reward], refused: bool) -> Turn:
        """Tell who moves next what there is to know, and pay; the controller is paid for what everybody does."""
        session = self.session
        over = session.answered is not None
        if session.exhausted and not over:
            self.max_turns = self.turn + 1  # so the engine truncates here
        ends = over or self.turn + 1 == self.max_turns
        pay = {**rewards, "controller": self.account.pay(refused, over=ends)}
        info = {"tree": session.tree, "usage": session.meter.spent} if ends else {}
        if self.asked is None:
            return Turn({"controller": told if ends else f"{told}\n\n{self._state()}"}, pay, over, **info)
        shown = session.task.show(self._state_of(self.asked))
        if isinstance(self.asked, Expand):
            return Turn(
                {"proposer": f"{shown}\nThink on from here: {self.asked.k} thoughts, one a line."}, pay, over, **info
            )
        return Turn({"evaluator": f"{shown}\nWhat is this worth?"}, pay, over, **info)

    def _state_of(self, asked: Expand | Evaluate) -> Any:
        return self.session.tree.state[asked.node or 0]

    def _state(self) -> str:
        session = self.session
        tree = to_text(session.tree, cursor=session.cursor, most=self.shown)
        return f"{tree}\nYou stand at node {session.cursor}."


def _near(value: float, truth: float) -> float:
    return 1.0 - (value - truth) ** 2


def _reward(parts: dict[str, Any]) -> Reward:
    return Reward(**{name: part for name, part in parts.items() if part})
