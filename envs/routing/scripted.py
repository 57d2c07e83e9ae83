"""How good would every allocation be, exactly? A pool of experts whose skill, length and price are written down.

An expert of skill s in a question's family answers one of difficulty d rightly with chance
1 / (1 + exp(-slope (s - d))), in tokens * (1 + growth * d) tokens. So expected quality and cost are known before
anybody is asked, and with them the best choice and the regret of any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import exp, isfinite, isinf

from syllogym.envs.chance import Dice, key_of, mix
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.slips import garbled
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError, did_you_mean

_STEEPEST = 700.0
"""Beyond it, exp overflows."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one expert can do.

    Attributes:
        card: its name and prices.
        skill: in every family that `skills` does not name; on the scale of difficulty.
        skills: by family.
        slope: how sharply quality falls where difficulty passes skill; infinite: right exactly up to its skill.
        tokens: of a reply to the easiest question. growth: by how much of that it gets longer up to difficulty 1.
    """

    card: ModelCard
    skill: float = 0.5
    skills: Mapping[str, float] = field(default_factory=dict)
    slope: float = 12.0
    tokens: int = 20
    growth: float = 1.0

    def __post_init__(self) -> None:
        for key, value in {"skill": self.skill, "growth": self.growth, **self.skills}.items():
            if not isfinite(value):
                raise UserError(f"{self.card.name}: {key} is a finite number; it is {value!r}.")
        if not self.slope > 0:
            raise UserError(f"{self.card.name}: slope is above 0; it is {self.slope!r}.")
        if self.tokens < 1 or self.growth < -1:
            raise UserError(f"{self.card.name}: tokens is at least 1 and growth at least -1.")

    def quality(self, question: Question) -> float:
        """Return the chance that its reply is right."""
        gap = self.skills.get(question.family, self.skill) - question.difficulty
        if isinf(self.slope):
            return float(gap >= 0)
        return 1.0 / (1.0 + exp(min(_STEEPEST, max(-_STEEPEST, -self.slope * gap))))

    def usage(self, question: Question) -> Usage:
        """Return what a whole reply takes: a word of the question is a token."""
        prompt = len(question.text.split())
        completion = max(1, round(self.tokens * (1.0 + self.growth * question.difficulty)))
        return self._used(prompt, completion)

    def reply(self, question: Question, max_tokens: int | None, seed: int) -> ExpertReply:
        """Reply; the same question and seed get the same. A reply that is cut off is wrong."""
        dice = Dice()
        dice.restart(mix(key_of(f"{seed}/{self.card.name}/{question.family}/{question.text}")), 0)
        usage = self.usage(question)
        chance = self.quality(question)
        right = dice.random() < chance
        if max_tokens is not None and usage.completion > max_tokens:
            right, usage = False, self._used(usage.prompt, max_tokens)
        answer = question.answer or ""
        return ExpertReply(answer if right else _wrong(answer, dice), float(right), usage, chance)

    def _used(self, prompt: int, completion: int) -> Usage:
        cost, seconds = self.card.cost(prompt, completion), self.card.seconds(completion)
        return Usage(prompt=prompt, completion=completion, calls=1, money=cost, seconds=seconds)


class ScriptedPool:
    """Experts by their scripts; an `ExpertPool`."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self.scripts = {script.card.name: script for script in scripts}
        if not scripts:
            raise UserError("A pool needs at least one expert.")
        if len(self.scripts) < len(scripts):
            names = [script.card.name for script in scripts]
            raise UserError(f"Each expert of a pool has a name of its own; there are {', '.join(names)}.")

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The experts."""
        return tuple(script.card for script in self.scripts.values())

    @cache  # noqa: B019 - pools stay as long as the process, and are told apart by what they are
    def only(self, model: str) -> ScriptedPool:
        """Return the pool of one of the experts."""
        return ScriptedPool([self._script(model)])

    def ask(self, model: str, question: Question, *, max_tokens: int | None = None, seed: int = 0) -> ExpertReply:
        """Ask one expert."""
        return self._script(model).reply(question, max_tokens, seed)

    def expected(self, model: str, question: Question) -> tuple[float, float]:
        """Return the quality and the dollars to be expected of one expert, before it is asked."""
        script = self._script(model)
        return script.quality(question), script.usage(question).money

    def best(self, question: Question, price: float = 0.0) -> str:
        """Return who is to be asked where a dollar costs `price` of quality; of equals the cheapest."""

        def worth(model: str) -> tuple[float, float]:
            quality, cost = self.expected(model, question)
            return quality - price * cost, -cost

        return max(self.scripts, key=worth)

    def regret(self, model: str, question: Question, price: float = 0.0) -> float:
        """Return how much less than the best choice an expert is worth, at `price` of quality for a dollar."""
        best, chosen = (self.expected(name, question) for name in (self.best(question, price), model))
        return (best[0] - price * best[1]) - (chosen[0] - price * chosen[1])

    def _script(self, model: str) -> Script:
        if model not in self.scripts:
            known = ", ".join(self.scripts)
            raise UserError(
                f"There is no expert {model!r}; there are {known}.{did_you_mean(model, list(self.scripts))}"
            )
        return self.scripts[model]


def _wrong(answer: str, dice: Dice) -> str:
    wrong = garbled(answer, dice, 1.0)
    return wrong if wrong != answer else "?"
