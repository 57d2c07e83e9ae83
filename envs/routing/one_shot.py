"""Does the agent know whom to ask? One question, one expert: a contextual bandit that can be read."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.envs import TextEnv, Turn, register
from syllogym.envs.routing.episode import Routing, named, pay_of, shown
from syllogym.envs.routing.exam import Exam, exam_of
from syllogym.envs.routing.pool import ExpertReply
from syllogym.envs.routing.posed import Posed
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.waiting import Soon, then


@register()
class OneShot(TextEnv):
    """Name the expert that is to answer; be paid for its answer, less what it costs.

    Options:
        table: a table as for `load_table`, such as {name: routerbench, path: ...}; without one, made-up questions.
        pay, weight, gated, scale: how money counts, see `syllogym.envs.routing.pay.Pay`; a dollar takes `weight` off.
        budget: dollars of an episode; who costs more cannot be asked.
        unknown: penalty for a reply that names nobody who can be asked.
        bare: prompts are the question alone, without the experts: for models made from nothing.

    Attributes:
        exam: what is asked and of whom, in place of the table's. routing: the episode that is under way.
    """

    max_turns = 1
    exam: Exam | None = None

    def on_reset(
        self,
        rng: random.Random,
        table: RoutingTable | Mapping[str, Any] | None = None,
        pay: str = "linear",
        weight: float = 20.0,
        gated: bool = False,
        budget: float | None = None,
        scale: Sequence[float] | None = None,
        unknown: float = 0.1,
        bare: bool = False,
    ) -> str:
        exam = self.exam or exam_of(table)
        paid = pay_of(exam, pay, weight, gated, budget, scale)
        self.routing = Routing(exam, exam.draw(rng), rng.getrandbits(62), paid, budget)
        self.penalty = unknown
        self.routing.tell(self)
        self.max_return = self.routing.best()  # type: ignore[misc]
        if bare:
            return self.routing.question.text
        return (
            f"{self.routing.question.text}\n\nWho should answer this?\n{shown(exam.pool.cards)}\n"
            "Reply with the name of one of them and nothing else."
        )

    def instance(self, first: str | Mapping[str, str]) -> str:
        return self.routing.question.text

    def on_step(self, reply: str) -> Soon[Turn]:
        model = named(reply, self.routing.affordable())
        if model is None:
            self.routing.unknown += 1
            return self._pay_out()
        return then(self.routing.ask(model), lambda answer: self._answered(model, answer))

    def _answered(self, model: str, answer: ExpertReply) -> Turn:
        self.routing.note(model, answer)
        return self._pay_out()

    def _pay_out(self) -> Turn:
        routing = self.routing
        routing.tell(self)
        reward = routing.pay.reward(routing.quality, routing.dollars, illegal=-self.penalty * routing.unknown)
        return Turn("", reward, over=True, asked=list(routing.asked), counts=self.counts)

    def posed(self) -> Posed:
        """Return the question, and what everybody's reply to it is worth and costs."""
        return self.routing.posed()

    def choices(self, agent: str) -> Sequence[str]:
        """List the experts that can be paid."""
        return self.routing.affordable()

    def solve(self) -> str:
        """Name the expert whose reply is worth most in hindsight."""
        worth = self.routing.worth()
        return max(worth, key=worth.__getitem__)

    def slip(self, rng: random.Random, rate: float) -> str:
        """Name, with chance `rate`, any of the experts."""
        return rng.choice(self.routing.affordable()) if rng.random() < rate else self.solve()
