"""Can a router think, ask several models in turn, and answer? Router-R1's environment (arXiv 2506.09033).

What models say comes back as observations between <information> and </information>, so it is never trained on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.routing.asked import draw
from syllogym.envs.routing.budget import Purse
from syllogym.envs.routing.experts import TIERS, open_pool
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import ExpertPool, ExpertReply
from syllogym.envs.routing.rounds import Said, harmless, misshapen, read
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
        task, task_options: the environment that asks the question; None asks what the experts have on record.
        experts: who can be asked (see `syllogym.envs.routing.experts`).
        rounds: calls; after the last one comes one reply more, in which nobody is asked.
        pay: how money counts, as `syllogym.envs.routing.pay.Pay` has it. Gated unless it says otherwise.
        punishment: taken off where the form of the episode is wrong; nothing else is paid then.
        budget: dollars that an episode can spend; a call that might exceed them is not made.
        max_tokens: of an expert's reply. bare: the first prompt is the question alone. listed: replies can be listed.
    """

    doctor_options = {"task": "routing/sums"}

    def on_reset(
        self,
        rng: random.Random,
        task: str | None = "routing/sums",
        task_options: Mapping[str, Any] | None = None,
        experts: Any = TIERS,
        rounds: int = 4,
        pay: Mapping[str, Any] | None = None,
        punishment: float = 1.0,
        budget: float | None = None,
        max_tokens: int | None = 600,
        bare: bool = False,
        listed: bool = False,
    ) -> str:
        self.experts, self.rounds, self.punishment, self.listed = experts, rounds, punishment, listed
        self.pay = Pay(**{"way": "window", "gated": True, **(pay or {})})
        self.purse = Purse(budget, max_tokens)
        self.asked = draw(rng, self.pool, task, task_options)
        self.chance = rng.getrandbits(62)
        self.transcript = ""
        self.calls: list[Said] = []
        self.heard: list[ExpertReply] = []
        if bare:
            return self.asked.question.text
        models = "\n".join(f"{card.name}: {card.description or 'nothing is known of it'}" for card in self.pool.cards)
        return _GRAMMAR.format(rounds=rounds, models=models, question=self.asked.question.text)

    @property
    def pool(self) -> ExpertPool:
        """Who can be asked."""
        return open_pool(self.experts)

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
        question = replace(self.asked.question, text=said.query)  # scripts and tables know what it is about
        if not self.purse.affords(self.pool, said.model, question):
            return self._shown("None")
        reply_to_come = self.pool.ask(said.model, question, max_tokens=self.purse.max_tokens, seed=self.chance)
        return then(reply_to_come, self._informed)

    def choices(self, agent: str) -> Sequence[str] | None:
        """List one call for each model, and one answer for each reply so far."""
        if not self.listed:
            return None
        query = self.asked.question.text
        calls = [f'<think>Ask {name}.</think><route model="{name}">{query}</route>' for name in self._names]
        said = dict.fromkeys(reply.text for reply in self.heard) or {"unknown": None}
        answers = [self._answer(text) for text in said]
        return answers if self.turn == self.rounds else [*calls, *answers] if self.heard else calls

    def solve(self) -> str:
        """Ask who is worth most, and say what is right."""
        question, pool = self.asked.question, self.pool
        if not self.heard and self.turn < self.rounds:
            best = getattr(pool, "best", None)
            model = best(question) if best else max(pool.cards, key=lambda card: card.cost(100, 100)).name
            return f'<think>Ask {model}.</think><route model="{model}">{question.text}</route>'
        worth = max(self.heard, key=lambda reply: reply.quality or 0.0, default=None)
        said = worth.text if worth is not None else "unknown"
        return self._answer(said if self.listed or question.answer is None else question.answer)

    def _answer(self, text: str) -> str:
        return f"<think>I know.</think><answer>{harmless(text)}</answer>"

    @property
    def _names(self) -> list[str]:
        return [card.name for card in self.pool.cards]

    def _informed(self, reply: ExpertReply) -> Turn:
        self.purse.spend(reply.usage)
        self.heard.append(reply)
        return self._shown(harmless(reply.text))

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
        info = {"usage": spent, "calls": spent.calls, "unknown": unknown, "form": wrong}
        if wrong:
            return Turn("", Reward(format=-self.punishment), over=True, **info)
        return Turn("", self.pay.reward(quality, spent.money), over=True, **info)
