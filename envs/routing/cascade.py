"""Does the agent know when an answer is good enough? Ask an expert, see its answer judged, accept it or ask another."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.envs import Reward, TextEnv, Turn, register
from syllogym.envs.routing.episode import Routing, named, pay_of, shown
from syllogym.envs.routing.exam import Exam, exam_of
from syllogym.envs.routing.pool import ExpertReply
from syllogym.envs.routing.posed import Posed
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.waiting import Soon, then
from syllogym.errors import UserError

ACCEPT = "accept"
"""The reply that accepts the latest answer."""


@register()
class Cascade(TextEnv):
    """Name an expert, or accept the latest answer; be paid for the answer that is accepted, less what all cost.

    Options:
        table, pay, weight, gated, scale, unknown, bare: see `syllogym.envs.routing.one_shot.OneShot`.
        budget: dollars of an episode, which are never exceeded: who cannot be paid any more cannot be asked.
        verifier: share of answers that a verifier misjudges; it tells 1 for right and 0 for wrong. None: there is
            none, and what is told is the expert's own confidence, where it has any.
        check: dollars that every judgement of the verifier costs.

    An episode has two turns more than there are experts. Where they run out, the latest answer counts.

    Attributes:
        exam: what is asked and of whom, in place of the table's. routing: the episode that is under way.
        scores: what the verifier said of each answer, by expert.
    """

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
        verifier: float | None = 0.1,
        check: float = 0.0,
        unknown: float = 0.1,
        bare: bool = False,
    ) -> str:
        if verifier is not None and not 0 <= verifier <= 1:
            raise UserError(f"verifier is the share of answers it misjudges, from 0 to 1, or None; not {verifier!r}.")
        exam = self.exam or exam_of(table)
        if not check >= 0:
            raise UserError(f"check is what a judgement costs, 0 dollars or more; not {check!r}.")
        paid = pay_of(exam, pay, weight, gated, budget, scale, check)
        self.routing = Routing(exam, exam.draw(rng), rng.getrandbits(62), paid, budget)
        self.wrong = {card.name: verifier is not None and rng.random() < verifier for card in exam.pool.cards}
        self.verifies, self.check = verifier is not None, check if verifier is not None else 0.0
        self.scores: dict[str, float | None] = {}
        self.penalty, self.bare = unknown, bare
        self.routing.tell(self)
        self.max_return = self.routing.best(self.check)  # type: ignore[misc]
        self.max_turns = len(exam.pool.cards) + 2
        question = self.routing.question.text
        if bare:
            return question
        return (
            f"{question}\n\nWho should answer this?\n{shown(exam.pool.cards)}\n"
            f"Reply with the name of one of them. When you have an answer that will do, reply {ACCEPT}.{self._left()}"
        )

    def instance(self, first: str | Mapping[str, str]) -> str:
        return self.routing.question.text

    def on_step(self, reply: str) -> Soon[Turn]:
        choice = named(reply, self._choices())
        if choice is None:
            self.routing.unknown += 1
            return self._tell(f"Nobody is asked. Reply with one of: {', '.join(self._choices())}.")
        if choice == ACCEPT:
            return self._tell("", over=True)
        return then(self.routing.ask(choice), lambda answer: self._answered(choice, answer))

    def _answered(self, model: str, answer: ExpertReply) -> Turn:
        routing = self.routing
        routing.note(model, answer, self.check)
        right = (answer.quality or 0.0) if not self.wrong[model] else 1.0 - (answer.quality or 0.0)
        score = self.scores[model] = right if self.verifies else answer.confidence
        judged = "" if score is None else f"{score:.2f}"
        if self.bare:
            return self._tell(f"{model} {judged}".strip())
        said = f"{model} answers: {answer.text}" if answer.text else f"{model} has answered."
        judge = "The verifier gives it" if self.verifies else "It gives itself"
        return self._tell(f"{said}\n{f'{judge} {judged}.' if judged else ''}{self._left()}")

    def _tell(self, text: str, over: bool = False) -> Turn:
        routing = self.routing
        refused = routing.unknown - int(self.counts["unknown"])
        routing.tell(self)
        illegal = -self.penalty * refused
        if over or self.turn + 1 == self.max_turns:
            reward = routing.pay.reward(routing.quality, routing.dollars, illegal=illegal)
            return Turn("", reward, over, asked=list(routing.asked), counts=self.counts)
        return Turn(text, Reward(illegal=illegal) if refused else 0.0)

    def _left(self) -> str:
        routing = self.routing
        return "" if routing.budget is None else f" ${routing.budget - routing.dollars:.6f} are left."

    def _choices(self) -> list[str]:
        return [*([ACCEPT] if self.routing.asked else ()), *self.routing.affordable(self.check)]

    def posed(self) -> Posed:
        """Return the question, and what everybody's reply to it is worth and costs."""
        return self.routing.posed()

    def choices(self, agent: str) -> Sequence[str]:
        """List the experts that can be paid and were not asked, and `accept` once somebody was."""
        return self._choices()

    def solve(self) -> str:
        """Accept, or name the expert who is worth most in hindsight."""
        routing, worth = self.routing, self.routing.worth(self.check)
        if routing.asked:
            worth = {ACCEPT: float(routing.pay.reward(routing.quality, routing.dollars)), **worth}
        return max(worth, key=worth.__getitem__)

    def slip(self, rng: random.Random, rate: float) -> str:
        """Do, with chance `rate`, anything that is allowed."""
        return rng.choice(self._choices()) if rng.random() < rate else self.solve()
