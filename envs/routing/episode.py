"""What happens in an episode of routing? A question is drawn, experts are asked within a budget, and all is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from syllogym.envs.core import Core
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.exam import Exam
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.routing.posed import Posed
from syllogym.envs.waiting import Soon
from syllogym.errors import UserError

_DUST = 1e-12
"""Dollars that sums of costs may be off."""


@dataclass
class Routing:
    """A question, and what has been asked so far.

    Attributes:
        exam: who can be asked. question: what it is about. seed: of the experts' chance. pay: what it is paid by.
        budget: dollars that may be spent; None for no bound.
        asked: replies by model, in order. dollars: spent so far. unknown: replies that named nobody who could be asked.
    """

    exam: Exam
    question: Question
    seed: int
    pay: Pay
    budget: float | None
    asked: dict[str, ExpertReply] = field(default_factory=dict)
    dollars: float = 0.0
    unknown: int = 0

    def ask(self, model: str) -> Soon[ExpertReply]:
        """Ask an expert; the reply is to be noted when it is there."""
        return self.exam.pool.ask(model, self.question, seed=self.seed)

    def note(self, model: str, reply: ExpertReply, extra: float = 0.0) -> None:
        """Count a call, and `extra` dollars beside it."""
        self.asked[model] = reply
        self.dollars += reply.usage.money + extra

    def affordable(self, extra: float = 0.0) -> list[str]:
        """Return who has not been asked and can be paid, with `extra` dollars beside it."""
        models = [card.name for card in self.exam.pool.cards if card.name not in self.asked]
        if self.budget is None:
            return models
        left = self.budget - self.dollars - extra + _DUST
        return [model for model in models if self.exam.cost(model, self.question) <= left]

    @property
    def quality(self) -> float:
        """Of the latest reply, which is the one that counts; 0 where nobody was asked."""
        return (next(reversed(self.asked.values())).quality or 0.0) if self.asked else 0.0

    def worth(self, extra: float = 0.0) -> dict[str, float]:
        """Return what the episode would be paid if it ended with each of the affordable experts asked.

        Raises NotImplementedError where nobody knows beforehand what experts reply.
        """
        known = self.exam.known(self.question, self.seed)
        if known is None:
            raise NotImplementedError("What these experts would reply is not known, so there is no reference solver.")
        before = self.dollars + extra
        models = self.affordable(extra)
        return {model: float(self.pay.reward(known[model][0], before + known[model][1])) for model in models}

    def best(self, extra: float = 0.0) -> float:
        """Return the most that the episode can be paid; 1 where nobody knows."""
        return max(self.worth(extra).values()) if self.exam.known(self.question, self.seed) is not None else 1.0

    def tell(self, env: Core) -> None:
        """Say what is worth knowing of the episode beside its pay, and who was asked."""
        env.counts = {"dollars": self.dollars, "calls": float(len(self.asked)), "unknown": float(self.unknown)}
        env.ledger = [(model, self.question.text, reply.usage.money) for model, reply in self.asked.items()]

    def posed(self) -> Posed:
        """Return the question, and what everybody's reply to it is worth and costs."""
        return Posed(self.question, self.exam.known(self.question, self.seed))


def pay_of(
    exam: Exam,
    way: str,
    weight: float,
    gated: bool,
    budget: float | None,
    scale: Sequence[float] | None,
    extra: float = 0.0,
) -> Pay:
    """Return how routing is paid; check that the budget suffices for somebody, and `extra`, whatever is asked."""
    if budget is not None and (not isinstance(budget, int | float) or not budget >= exam.floor + extra):
        raise UserError(
            f"The budget of an episode is {budget!r} dollars, with which nobody could be asked some questions: the "
            f"cheapest model costs up to {exam.floor + extra:.6g}. Give at least that."
        )
    if scale is None:
        scale = exam.scale if way == "window" else (0.0, 0.0)
    if len(scale) != 2:
        raise UserError(f"scale is two square roots of dollars, what is cheap and what is dear; it is {scale!r}.")
    low, high = scale
    return Pay(way, weight, gated, budget, (low, high))


def shown(cards: tuple[ModelCard, ...]) -> str:
    """Write model cards for a router that reads."""
    return "\n".join(f"- {card.name}: {_prices(card)} {card.description}".rstrip() for card in cards)


def _prices(card: ModelCard) -> str:
    tokens = f"${card.input_price:g} in, ${card.output_price:g} out per million tokens"
    parts = [tokens] if card.input_price or card.output_price else []
    if card.call_price:
        parts.append(f"${card.call_price:.3g} a call")
    return f"{', '.join(parts) or 'free'}."


def named(reply: str, models: Sequence[str]) -> str | None:
    """Return the model that a reply names, alone or in quotes or with a full stop; None where it names none."""
    words = (reply.strip(), reply.strip().strip("\"'`*. "))
    return next((word for word in words if word in models), None)
