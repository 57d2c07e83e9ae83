"""Can a router think, ask several models in turn, and answer? Router-R1's environment (arXiv 2506.09033).

What models say comes back as observations between <information> and </information>, so it is never trained on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.routing.asked import Asked, draw
from syllogym.envs.routing.budget import Purse, paid_by
from syllogym.envs.routing.exam import exam_of
from syllogym.envs.routing.experts import TIERS, open_pool
from syllogym.envs.routing.pool import ExpertPool, ExpertReply
from syllogym.envs.routing.posed import Posed, known_of
from syllogym.envs.routing.rounds import Said, harmless, misshapen, read
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.waiting import Soon, then

_GRAMMAR = """Answer the question. Reason between <think> and </think> whenever you have new information. If you lack \
knowledge, ask a model by <search>Model-Name:query</search>: think first about why you ask and which model fits. Its \
reply comes between <information> and </information>. You may ask up to {rounds} times. When you know the answer, give \
it between <answer> and </answer>, without explanation.

Models:
{models}

Question: {question}"""


@register()
class MultiRound(TextEnv):
    """Think, ask models up to `rounds` times, answer.

    Options:
        task, task_options: the environment that asks the question.
        experts: who can be asked (see `syllogym.envs.routing.experts`).
        table: asks the questions and answers for the experts of a table, as in ``routing/one_shot``.
        rounds: calls; after the last one comes one reply more, in which nobody is asked.
        pay, weight, gated, scale: how money counts, see `syllogym.envs.routing.pay.Pay`; its scale follows the costs of
            training under ``environment: {money: {window: 1000}}``.
        punishment: taken off where the form of the episode is wrong; nothing else is paid then.
        budget: dollars that an episode can spend; a call that might exceed them is not made.
        max_tokens: of an expert's reply. bare: the first prompt is the question alone. listed: replies can be listed.
    """

    doctor_options = {"task": "routing/sums"}

    def on_reset(
        self,
        rng: random.Random,
        task: str = "routing/sums",
        task_options: Mapping[str, Any] | None = None,
        experts: Any = TIERS,
        table: RoutingTable | Mapping[str, Any] | None = None,
        rounds: int = 4,
        pay: str = "window",
        weight: float = 0.0,
        gated: bool = True,
        scale: Sequence[float] | None = None,
        punishment: float = 1.0,
        budget: float | None = None,
        max_tokens: int | None = 600,
        bare: bool = False,
        listed: bool = False,
    ) -> str:
        self.exam = None if table is None else exam_of(table)
        self.experts, self.rounds, self.punishment, self.listed = experts, rounds, punishment, listed
        self.paying = paid_by(pay, weight, gated, budget, self.exam.scale if self.exam and scale is None else scale)
        self.purse = Purse(budget, max_tokens)
        self.asked = Asked(self.exam.draw(rng)) if self.exam else draw(rng, task, task_options)
        self.chance = rng.getrandbits(62)
        self.transcript, self.counts, self.ledger = "", {}, []
        self.calls: list[Said] = []
        self.heard: list[ExpertReply] = []
        cards = self.pool.cards  # opens the pool, so that a wrong description is told at once
        if bare:
            return self.asked.question.text
        models = "\n".join(f"{card.name}: {card.description or 'nothing is known of it'}" for card in cards)
        return _GRAMMAR.format(rounds=rounds, models=models, question=self.asked.question.text)

    @property
    def pool(self) -> ExpertPool:
        """Who can be asked."""
        return self.exam.pool if self.exam else open_pool(self.experts)

    def on_step(self, reply: Reply) -> Soon[Turn]:
        said = read(reply)
        self.transcript += said.text
        if said.answer is not None:
            return then(self.asked.grade(said.answer, self.heard), self._judged)
        last = self.turn == self.rounds
        if said.model is None or last:
            if last:
                return self._judged(0.0)
            return Turn("Your last reply was neither a call nor an answer. Write <search>Model-Name:query</search> to "
                        "ask a model, or <answer>...</answer> to answer. Try again.")  # fmt: skip
        self.calls.append(said)
        if said.model not in self._names or not said.query:
            return self._shown("None")
        question = self.asked.put(said.query)
        if not self.purse.affords(self.pool, said.model, question):
            return self._shown("None")
        reply_to_come = self.pool.ask(said.model, question, max_tokens=self.purse.max_tokens, seed=self.chance)
        return then(reply_to_come, lambda reply: self._informed(said.model or "", reply))

    def posed(self) -> Posed:
        """Return the question, and what everybody's reply to it is worth and costs."""
        return Posed(self.asked.question, known_of(self.pool, self.asked.question, self.chance))

    def choices(self, agent: str) -> Sequence[str] | None:
        """List one call for each model, and one answer for each reply so far."""
        if not self.listed:
            return None
        calls = list(map(self._call, self._names))
        said = dict.fromkeys(reply.text for reply in self.heard) or {"unknown": None}
        answers = [self._answer(text) for text in said]
        return answers if self.turn == self.rounds else [*calls, *answers] if self.heard else calls

    def solve(self) -> str:
        """Ask who is worth most, and say what is right."""
        question, pool = self.asked.question, self.pool
        if not self.heard and self.turn < self.rounds:
            best = getattr(pool, "best", None)
            model = best(question) if best else max(pool.cards, key=lambda card: card.cost(100, 100)).name
            return self._call(model)
        worth = max(self.heard, key=lambda reply: reply.quality or 0.0, default=None)
        said = worth.text if worth is not None else "unknown"
        return self._answer(said if self.listed or question.answer is None else question.answer)

    def slip(self, rng: random.Random, rate: float) -> str:
        """Ask anybody with chance `rate`, and repeat what was said."""
        if self.heard:
            return self._answer(self.heard[-1].text)
        return self._call(rng.choice(self._names)) if rng.random() < rate else self.solve()

    def _call(self, name: str) -> str:
        return f'<think>Ask {name}.</think><route model="{name}">{self.asked.question.text}</route>'

    def _answer(self, text: str) -> str:
        return f"<think>I know.</think><answer>{harmless(text)}</answer>"

    @property
    def _names(self) -> list[str]:
        return [card.name for card in self.pool.cards]

    def _informed(self, model: str, reply: ExpertReply) -> Turn:
        self.purse.spend(reply.usage)
        self.ledger = [*self.ledger, (model, self.calls[-1].query, reply.usage.money)]
        text = harmless(reply.text).strip() or f"(what {model} replied)"
        self.heard.append(replace(reply, text=text))
        return self._shown(text)

    def _shown(self, text: str) -> Turn:
        told = f"<information>{text}</information>"
        self.transcript += f"\n\n{told}\n\n"
        left = self.rounds - len(self.calls)
        return Turn(told if left else f"{told}\nYou can ask nobody any more. Answer now.")

    def _judged(self, quality: float) -> Turn:
        """End the episode: money counts where the form is right."""
        wrong = misshapen(self.transcript, self.calls, self._names)
        spent = self.purse.spent
        unknown = sum(call.model not in self._names for call in self.calls)
        self.counts = {"dollars": spent.money, "calls": float(spent.calls), "unknown": float(unknown)}
        if wrong:
            return Turn("", Reward(format=-self.punishment), over=True, form=wrong)
        return Turn("", self.paying.reward(quality, spent.money), over=True)
